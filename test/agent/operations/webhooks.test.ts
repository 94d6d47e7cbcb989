import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { WebhookCreate } from '../../../agent/contract/webhooks/webhook.ts'
import { ann, Bench, settle } from './workbench.ts'

const parameters = { app: 'shop' }
const url = 'https://hooks.example/x'
let bench: Bench
let sent: { body: string; headers: Readonly<Record<string, string>> }[]
let answer: () => number

beforeEach(async () => {
  bench = new Bench()
  sent = []
  answer = () => 200
  bench.sendToWebhook = async ({ body, headers }) => {
    sent.push({ body, headers })
    return answer()
  }
  await bench.start()
  await bench.createApp()
  await bench.deploy({ web: 'listen' })
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

async function add(include: WebhookCreate['include'], more: Partial<WebhookCreate> = {}) {
  const body = { include, level: 'notify' as const, url, secret: 'k3y', ...more }
  const webhook = await bench.call('createWebhook', { parameters, body })
  await settle()
  return webhook
}

/** `release create`, `dyno update: state` */
const told = () =>
  sent.map(({ body }) => {
    const { resource, action, previous_data } = JSON.parse(body)
    const changed = Object.keys(previous_data).filter((name) => name !== 'updated_at')
    return `${resource} ${action}${changed.length > 0 ? `: ${changed.join(', ')}` : ''}`
  })

const deliveries = async () => bench.call('listWebhookDeliveries', { parameters, body: undefined })

it('hears of releases as the API shows them, signed, by who made them, and of nothing else', async () => {
  const webhook = await add(['api:release'], { authorization: 'Bearer 1' })
  await bench.deploy({ web: 'listen 2' })
  expect(told()).toEqual(['release create', 'release update: status, current, eligible_for_rollback'])
  const [{ body = '', headers = {} } = {}] = sent
  expect(JSON.parse(body)).toMatchObject({
    actor: { id: ann.id, email: ann.email },
    data: { version: 3, status: 'pending', app: { name: 'shop' } },
    webhook_metadata: { webhook: { id: webhook.id }, event: { include: 'api:release' } },
  })
  expect(headers).toMatchObject({
    authorization: 'Bearer 1',
    'heroku-webhook-hmac-sha256': createHmac('sha256', 'k3y').update(body).digest('base64'),
  })
})

it('hears of dynos and of who scaled them', async () => {
  await add(['api:dyno', 'api:formation'])
  await bench.scale([{ type: 'web', quantity: 2 }])
  expect(told().toSorted()).toEqual(['dyno create', 'dyno update: state', 'formation update: quantity'])
  const scaled = sent.map(({ body }) => JSON.parse(body)).find(({ resource }) => resource === 'formation')
  expect(scaled).toMatchObject({ actor: { email: ann.email }, data: { quantity: 2 }, previous_data: { quantity: 1 } })
  sent = []
  await bench.scale([{ type: 'web', quantity: 1 }])
  expect(told()).toContain('dyno destroy')
})

it('has a secret that is made where none is given, and told once', async () => {
  const told: string[][] = []
  const body = { include: ['dyno' as const], level: 'notify' as const, url }
  await bench.call('createWebhook', { parameters, body, tell: (...header) => told.push(header) })
  expect(told).toEqual([['heroku-webhook-secret', expect.stringMatching(/^[0-9a-f]{64}$/)]])
  const key = told[0]?.[1] ?? ''
  await bench.call('restartAllDynos', { parameters, body: undefined })
  await settle()
  const [{ body: text = '', headers = {} } = {}] = sent
  expect(headers['heroku-webhook-hmac-sha256']).toBe(createHmac('sha256', key).update(text).digest('base64'))
})

it('is told no secret, and tells none', async () => {
  const webhook = await add(['api:app', 'api:build', 'api:release', 'api:domain'], { secret: 'of-the-hook' })
  await bench.setConfigVars({ TOKEN: 'of-the-app' })
  await bench.deploy({ web: 'listen', release: 'migrate' })
  expect(told()).toContain('build create')
  const all = sent.map(({ body }) => body).join()
  expect(all).not.toMatch(/of-the-app|\/streams\//)
  const shown = JSON.stringify([
    await bench.call('listWebhooks', { parameters, body: undefined }),
    await bench.call('getWebhook', { parameters: { ...parameters, webhook: webhook.id }, body: undefined }),
    await bench.call('listWebhookEvents', { parameters, body: undefined }),
    bench.logs.lines,
  ])
  expect(shown).not.toContain('of-the-hook')
})

it('of the level sync is tried again, later and later, until it takes it; of notify once', async () => {
  answer = () => 503
  await add(['api:domain'], { level: 'sync' })
  await bench.call('createDomain', { parameters, body: { hostname: 'www.example.com' } })
  await settle()
  expect(await deliveries()).toMatchObject([{ status: 'retrying', num_attempts: 1, last_attempt: { code: 503 } }])
  await bench.clock.advance(61_000)
  await bench.clock.advance(61_000)
  expect(sent).toHaveLength(2)
  answer = () => {
    throw Object.assign(new Error(url), { code: 'ECONNREFUSED' })
  }
  await bench.clock.advance(61_000)
  expect(await deliveries()).toMatchObject([
    { num_attempts: 3, last_attempt: { code: null, error_class: 'ECONNREFUSED' } },
  ])
  answer = () => 204
  await bench.clock.advance(241_000)
  expect(await deliveries()).toMatchObject([{ status: 'succeeded', num_attempts: 4, next_attempt_at: null }])
  expect(new Set(sent.map(({ body }) => JSON.parse(body).id)).size).toBe(1)
  answer = () => 500
  await add(['api:formation'])
  await bench.scale([{ type: 'web', quantity: 2 }])
  await bench.clock.advance(100_000)
  expect((await deliveries())[0]).toMatchObject({ status: 'failed', num_attempts: 1, next_attempt_at: null })
})

it('gets what waits also from the agent that comes next, and nothing once it is removed', async () => {
  answer = () => 503
  const webhook = await add(['api:domain'], { level: 'sync' })
  await bench.call('createDomain', { parameters, body: { hostname: 'www.example.com' } })
  await settle()
  await bench.restart()
  await bench.clock.advance(61_000)
  expect(sent).toHaveLength(2)
  await bench.call('createDomain', { parameters, body: { hostname: 'shop.example.com' } })
  await settle()
  expect(sent).toHaveLength(3)
  await bench.call('destroyWebhook', { parameters: { ...parameters, webhook: webhook.id }, body: undefined })
  await bench.clock.advance(600_000)
  expect(sent).toHaveLength(3)
  expect(await deliveries()).toEqual([])
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Caller } from '../../../../agent/core/ports/access/actor.ts'
import { makePublicKey } from '../../access/public-keys.ts'
import { settle } from '../workbench.ts'
import { ServedBench } from './served.ts'

let bench: ServedBench
let ann: Caller
beforeEach(async () => {
  bench = await ServedBench.open()
  ann = bench.known(bench.letIn('ann@laptop'))
  await bench.callAs(ann, 'createApp', { parameters: {}, body: { name: 'shop' } })
})
afterEach(() => bench.close())

const shop = { app: 'shop' }
const ofShop = (who = ann) => bench.callAs(who, 'listAppActivity', { parameters: shop, body: undefined })
const ofServer = () => bench.callAs(ann, 'listServerActivity', { parameters: {}, body: undefined })
const words = (activity: readonly { description: string }[]) => activity.map(({ description }) => description)

async function letBobIn(): Promise<Caller> {
  const public_key = makePublicKey('bob')
  const body = { user: 'bob@example.com', role: 'operate', public_key } as const
  await bench.callAs(ann, 'createCollaborator', { parameters: shop, body })
  return bench.known(bench.parse(public_key))
}

/** Everything that changes an app, once. */
async function changeAll(who: Caller): Promise<void> {
  const call = bench.callAs.bind(bench)
  await bench.deployAs(who, { web: 'listen' })
  await call(who, 'updateConfigVars', { parameters: shop, body: { TOKEN: 'hunter2' } })
  await settle()
  await call(who, 'updateFormation', { parameters: shop, body: { updates: [{ type: 'web', quantity: 2 }] } })
  await settle()
  await call(who, 'createDomain', { parameters: shop, body: { hostname: 'www.example.com' } })
  await call(who, 'destroyDomain', { parameters: { ...shop, domain: 'www.example.com' }, body: undefined })
  await call(who, 'updateBuildpackInstallations', {
    parameters: shop,
    body: { updates: [{ buildpack: 'hearth/node' }] },
  })
  await call(who, 'updateApp', { parameters: shop, body: { maintenance: true } })
  await call(who, 'restartAllDynos', { parameters: shop, body: undefined })
  await call(who, 'stopFormationType', { parameters: { ...shop, type: 'web' }, body: undefined })
  await call(who, 'destroyBuildCache', { parameters: shop, body: undefined })
  await settle()
}

test('says who did what, newest first, by which key', async () => {
  const bob = await letBobIn()
  await changeAll(bob)
  const activity = await ofShop()
  expect(words(activity)).toEqual([
    'Removed the build cache',
    'Stopped all web dynos',
    'Restarted all dynos',
    'Maintenance mode enabled',
    'Set buildpacks to hearth/node',
    'Removed domain www.example.com',
    'Added domain www.example.com',
    'Scaled to web@2:standard',
    'Set TOKEN config vars (v3)',
    'Deploy 1a2b3c4d (v2)',
    'Build started',
    'Gave bob@example.com the role operate',
    'Initial release (v1)',
  ])
  const [{ key: bobsKey } = {}, { key: annsKey } = {}] = [activity[0], activity.at(-1)]
  expect(bobsKey).toMatch(/^SHA256:/)
  expect(annsKey).not.toBe(bobsKey)
  for (const { user, key } of activity.slice(0, 11)) expect([user.email, key]).toEqual(['bob@example.com', bobsKey])
  expect(JSON.stringify(activity)).not.toContain('hunter2')
})

test("is in the app's log too, in the same words", async () => {
  const bob = await letBobIn()
  await changeAll(bob)
  // Dynos say themselves that they are restarted or stopped.
  const told = (await ofShop()).filter(({ description }) => !/^(Restarted|Stopped)/.test(description))
  expect(told).toHaveLength(11)
  for (const { description, user } of told) {
    expect(bench.logs.lines).toContain(`api: ${description.replace(/ \(v\d+\)$/, '')} by user ${user.email}`)
  }
})

test('of the server tells of people and apps, and outlives both', async () => {
  const bob = await letBobIn()
  const key = await bench.callAs(bob, 'createKey', { parameters: {}, body: { public_key: makePublicKey('second') } })
  await bench.callAs(bob, 'destroyKey', { parameters: { key: key.id }, body: undefined })
  await bench.callAs(ann, 'destroyPerson', { parameters: { person: bob.id }, body: undefined })
  await bench.callAs(ann, 'destroyApp', { parameters: shop, body: undefined })
  await bench.restart()
  const activity = await ofServer()
  expect(words(activity)).toEqual([
    'Destroyed the app shop',
    'Removed bob@example.com',
    `Removed the key ${key.fingerprint} of bob@example.com`,
    `Added the key ${key.fingerprint} of bob@example.com`,
    'Created the app shop',
  ])
  expect(activity[3]).toMatchObject({
    user: { email: 'bob@example.com' },
    key: expect.stringMatching(/^SHA256:/),
    app: null,
  })
})

test('is told of as it happens, to who may see the app', async () => {
  const bob = await letBobIn()
  await bench.callAs(ann, 'createApp', { parameters: {}, body: { name: 'other' } })
  const seen: string[] = []
  bench.platform.subscribe(bob, ({ topic, app }) => topic === 'activity' && seen.push(app?.name ?? 'the server'))
  const maintenance = (app: string) =>
    bench.callAs(ann, 'updateApp', { parameters: { app }, body: { maintenance: true } })
  await maintenance('other')
  await maintenance('shop')
  expect(seen).toEqual(['shop'])
})

test('keeps the newest', async () => {
  const row = { appId: null, user: { id: 'u1', email: 'ann@laptop' }, key: null, createdAt: '2026-01-01T00:00:00Z' }
  for (let index = 0; index < 600; index++) {
    bench.store.activity.insert({ ...row, id: `i${index}`, description: `Did ${index}` })
  }
  const kept = bench.store.activity.list(null)
  expect(kept).toHaveLength(500)
  expect(kept[0]?.description).toBe('Did 599')
  // The app's own is another list.
  expect(words(await ofShop())).toEqual(['Initial release (v1)'])
})

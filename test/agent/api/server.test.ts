import { mkdtemp, rm } from 'node:fs/promises'
import http2, { type ClientHttp2Session } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Api, openApi } from '../../../agent/api/server.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Actor } from '../../../agent/core/ports/store.ts'
import type { Platform } from '../../../agent/operations/platform.ts'

let folder: string
let api: Api
let client: ClientHttp2Session
let logged: string[]
let warning: string | null

const stack = (name: string) => ({
  default: name === 'debian-12',
  created_at: '2026-01-01T00:00:00.000Z',
  id: `00000000-0000-4000-8000-0000000000${name.slice(-2)}`,
  name,
  state: 'public',
  updated_at: '2026-01-01T00:00:00.000Z',
})

/** The platform's port, with just what a test asks of it. */
const platform = {
  calls: {
    listStacks: async () => [stack('debian-12'), stack('debian-13')],
    listRegions: async () => [{ nonsense: true }],
    getRateLimits: async () => ({ remaining: 42 }),
    createApp: async ({ body }: { body: { name?: string } }) => {
      throw new HearthError('conflict', `The name ${body.name} is taken on this server. Choose another.`)
    },
    getApp: async () => {
      throw new Error('SELECT secret FROM config')
    },
    updateConfigVars: async ({ body }: { body: Record<string, string> }) => body,
    restartDyno: async () => undefined,
    listReleases: async () => [],
  },
  authorize: () => {},
  onReduced: () => () => {},
  readStream: async () => ({
    kind: 'text',
    bytes: (async function* () {
      yield 'half'
      throw new Error('the disk broke')
    })(),
  }),
  subscribe: () => () => {},
  admit({ email }: Actor, requests: number) {
    if (email === 'busy@laptop') throw new HearthError('rate_limit', 'Too many requests. Wait a moment.')
    return 42 - requests
  },
  warning: () => warning,
} as unknown as Platform

beforeEach(async () => {
  logged = []
  warning = null
  folder = await mkdtemp(join(tmpdir(), 'hearth-api-'))
  const socketPath = join(folder, 'agent.sock')
  api = await openApi({
    socketPath,
    socketMode: 0o600,
    platform,
    authenticate: (token) =>
      ['good', 'busy'].includes(token) ? { id: crypto.randomUUID(), email: `${token}@laptop`, keyId: null } : null,
    logError: (message, error) => logged.push(`${message}: ${error}`),
  })
  client = http2.connect('http://agent', { createConnection: () => connectTo(socketPath) })
})

afterEach(async () => {
  client.destroy()
  await api.close()
  await rm(folder, { recursive: true, force: true })
})

function connectTo(path: string) {
  const net = process.getBuiltinModule('node:net')
  return net.connect(path)
}

async function ask(
  method: string,
  path: string,
  options: { body?: string; token?: string; headers?: http2.OutgoingHttpHeaders } = {},
) {
  const stream = client.request({
    ':method': method,
    ':path': path,
    authorization: `Bearer ${options.token ?? 'good'}`,
    ...options.headers,
  })
  const headers = new Promise<http2.IncomingHttpHeaders>((resolve) => stream.once('response', resolve))
  if (!stream.writableEnded) stream.end(options.body ?? '')
  const [received, body] = await Promise.all([headers, text(stream)])
  return { status: Number(received[':status']), body: body ? JSON.parse(body) : null, headers: received }
}

test('an answer that fits the contract is sent with a request id', async () => {
  const { status, body, headers } = await ask('GET', '/stacks')
  expect(status).toBe(200)
  expect(body[0].name).toBe('debian-12')
  expect(headers['request-id']).toMatch(/^[0-9a-f-]{36}$/)
})

test('an answer that breaks the contract is an error of the agent, told to the operator alone', async () => {
  const { status, body } = await ask('GET', '/regions')
  expect(status).toBe(500)
  expect(body.id).toBe('internal')
  expect(JSON.stringify(body)).not.toContain('nonsense')
  expect(logged.join()).toContain('nonsense')
})

test('a request without a good token is refused before anything else', async () => {
  const { status, body } = await ask('GET', '/stacks', { token: 'bad' })
  expect(status).toBe(401)
  expect(body.id).toBe('unauthorized')
})

test("an operation's error arrives in Heroku's shape", async () => {
  const { status, body } = await ask('POST', '/apps', { body: '{"name":"blog"}' })
  expect(status).toBe(409)
  expect(body).toEqual({ id: 'conflict', message: 'The name blog is taken on this server. Choose another.' })
})

test('a stream that fails half-way is broken off, and not ended as if it were whole', async () => {
  const stream = client.request({ ':path': '/streams/secret' })
  await expect(text(stream)).rejects.toThrow('INTERNAL_ERROR')
  expect(logged.join()).toContain('the disk broke')
})

test('an unexpected error shows nothing of the inside', async () => {
  const { status, body } = await ask('GET', '/apps/blog')
  expect(status).toBe(500)
  expect(JSON.stringify(body)).not.toContain('SELECT')
})

test('a body that does not fit is refused with the field and never the value', async () => {
  const { status, body } = await ask('PATCH', '/apps/blog/config-vars', { body: '{"TOKEN":{"secret":"hunter2"}}' })
  expect(status).toBe(422)
  expect(body.message).toContain('TOKEN')
  expect(body.message).not.toContain('hunter2')
})

test('a body that is not JSON is refused', async () => {
  expect(await ask('POST', '/apps', { body: '{name' })).toMatchObject({ status: 400, body: { id: 'bad_request' } })
})

test('an unknown field is refused, so that a typing error is not silently ignored', async () => {
  expect(await ask('POST', '/apps', { body: '{"nmae":"blog"}' })).toMatchObject({ status: 422 })
})

test('an unknown path is not found in Heroku’s shape and a sealed path is not repeated', async () => {
  expect(await ask('GET', '/nothing')).toMatchObject({ status: 404, body: { id: 'not_found' } })
  const { body } = await ask('DELETE', '/streams/very-secret')
  expect(body.message).not.toContain('very-secret')
})

test('a 202 has a JSON body, because the stock client parses it', async () => {
  expect(await ask('DELETE', '/apps/blog/dynos/web.1')).toMatchObject({ status: 202, body: {} })
})

test('an answer has an ETag, and a client that has it already gets it without its body', async () => {
  const { headers } = await ask('GET', '/stacks')
  const { etag } = headers
  expect(etag).toMatch(/^"[\w-]{43}"$/)
  for (const known of [etag, `"other", W/${etag}`, '*']) {
    const again = await ask('GET', '/stacks', { headers: { 'if-none-match': known } })
    expect(again).toMatchObject({ status: 304, body: null, headers: { etag } })
  }
  expect(await ask('GET', '/stacks', { headers: { 'if-none-match': '"other"' } })).toMatchObject({ status: 200 })
  const changing = { body: '{"A":"1"}', headers: { 'if-none-match': '*' } }
  expect(await ask('PATCH', '/apps/blog/config-vars', changing)).toMatchObject({ status: 200, body: { A: '1' } })
})

test('a list says by what it can be ranged, and comes in pages', async () => {
  const { status, headers, body } = await ask('GET', '/stacks', { headers: { range: 'name ..; max=1, order=desc' } })
  expect([status, body.length]).toEqual([206, 1])
  expect(headers).toMatchObject({ 'accept-ranges': 'name, id', 'next-range': 'name ]debian-13..; max=1, order=desc' })
  const rest = await ask('GET', '/stacks', { headers: { range: String(headers['next-range']) } })
  expect(rest).toMatchObject({ status: 200, body: [{ name: 'debian-12' }] })
  expect(rest.headers['next-range']).toBeUndefined()
})

test('HEAD is GET without its body, and a POST may stand for another method', async () => {
  const got = await ask('GET', '/stacks')
  expect(await ask('HEAD', '/stacks')).toMatchObject({ status: 200, body: null, headers: { etag: got.headers.etag } })
  const override = { body: '{"A":"1"}', headers: { 'x-http-method-override': 'PATCH' } }
  expect(await ask('POST', '/apps/blog/config-vars', override)).toMatchObject({ status: 200, body: { A: '1' } })
})

test('every answer tells how many requests are left, and asking for that costs none', async () => {
  expect((await ask('GET', '/stacks')).headers['ratelimit-remaining']).toBe('41')
  expect((await ask('GET', '/apps/blog')).headers['ratelimit-remaining']).toBe('41')
  expect((await ask('GET', '/account/rate-limits')).headers['ratelimit-remaining']).toBe('42')
  expect((await ask('GET', '/stacks', { token: 'bad' })).headers['ratelimit-remaining']).toBeUndefined()
  expect(await ask('GET', '/stacks', { token: 'busy' })).toMatchObject({
    status: 429,
    body: { id: 'rate_limit' },
    headers: { 'ratelimit-remaining': '0' },
  })
})

test('a warning of the server travels with every answer to somebody who is known', async () => {
  warning = 'Server box: It needs a reboot to finish an update.'
  expect((await ask('GET', '/stacks')).headers['warning-message']).toBe(warning)
  expect((await ask('GET', '/apps/blog')).headers['warning-message']).toBe(warning)
  expect((await ask('GET', '/stacks', { token: 'bad' })).headers['warning-message']).toBeUndefined()
})

test('an internal error names the request under which the log says why', async () => {
  const { headers, body } = await ask('GET', '/apps/blog')
  expect(body.message).toContain(headers['request-id'])
  expect(logged.join()).toContain(headers['request-id'])
})

import { mkdtemp, rm } from 'node:fs/promises'
import http2, { type ClientHttp2Session } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Api, openApi } from '../../../agent/api/server.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Platform } from '../../../agent/operations/platform.ts'

let folder: string
let api: Api
let client: ClientHttp2Session
let logged: string[]

/** The platform's port, with just what a test asks of it. */
const platform = {
  calls: {
    listStacks: async () => [
      {
        default: true,
        created_at: '2026-01-01T00:00:00.000Z',
        id: crypto.randomUUID(),
        name: 'debian-12',
        state: 'public',
        updated_at: '2026-01-01T00:00:00.000Z',
      },
    ],
    listRegions: async () => [{ nonsense: true }],
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
  readStream: async () => ({
    kind: 'text',
    bytes: (async function* () {
      yield 'half'
      throw new Error('the disk broke')
    })(),
  }),
  subscribe: () => () => {},
} as unknown as Platform

beforeEach(async () => {
  logged = []
  folder = await mkdtemp(join(tmpdir(), 'hearth-api-'))
  const socketPath = join(folder, 'agent.sock')
  api = await openApi({
    socketPath,
    socketMode: 0o600,
    platform,
    authenticate: (token) => (token === 'good' ? { id: crypto.randomUUID(), email: 'ann@laptop' } : null),
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

async function ask(method: string, path: string, options: { body?: string; token?: string } = {}) {
  const stream = client.request({
    ':method': method,
    ':path': path,
    authorization: `Bearer ${options.token ?? 'good'}`,
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

import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import net from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { actorId } from '../../../agent/access/token.ts'
import { type Api, openApi } from '../../../agent/api/server.ts'
import type { PublicKey } from '../../../agent/core/ports/access/login-keys.ts'
import { makePublicKey } from '../access/public-keys.ts'
import { ServedBench } from '../operations/access/served.ts'

let bench: ServedBench
let api: Api
let annsKey: PublicKey
const clients: ClientHttp2Session[] = []
beforeEach(async () => {
  bench = await ServedBench.open()
  api = await openApi({
    platform: bench.platform,
    authenticate: (keyId) => bench.platform.identify(actorId(keyId)),
    socketPath: join(bench.folder, 'agent.sock'),
    socketMode: 0o600,
    logError: () => {},
  })
  annsKey = bench.letIn('ann@laptop')
  await bench.createApp()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await api.close()
  await bench.close()
})

/** A connection, as a desktop has it. */
function connect(): ClientHttp2Session {
  const session = http2.connect('http://agent', {
    createConnection: () => net.connect(join(bench.folder, 'agent.sock')),
  })
  session.on('error', () => {})
  clients.push(session)
  return session
}

/** With a key's id for its token. */
function ask(
  session: ClientHttp2Session,
  key: PublicKey,
  path: string,
  { method = 'GET', body = '' } = {},
): ClientHttp2Stream {
  const head = { ':method': method, ':path': path, authorization: `Bearer ${key.id}` }
  const stream = session.request(head, { endStream: body === '' })
  stream.on('error', () => {})
  if (body !== '') stream.end(body)
  return stream
}
const statusOf = (stream: ClientHttp2Stream) =>
  new Promise<number>((resolve) => stream.once('response', (headers) => resolve(Number(headers[':status']))))
const closed = (one: ClientHttp2Session | ClientHttp2Stream) =>
  new Promise<void>((resolve) => one.once('close', () => resolve()))

async function letBobIn(): Promise<PublicKey> {
  const public_key = makePublicKey('bob')
  const body = JSON.stringify({ user: 'bob@example.com', role: 'view', public_key })
  expect(await statusOf(ask(connect(), annsKey, '/apps/shop/collaborators', { method: 'POST', body }))).toBe(201)
  return bench.parse(public_key)
}

test("a removed person's streams and connections end, others' go on", async () => {
  const bob = await letBobIn()
  const [bobs, anns] = [connect(), connect()]
  const [bobsEvents, annsEvents] = [ask(bobs, bob, '/events'), ask(anns, annsKey, '/events')]
  expect([await statusOf(bobsEvents), await statusOf(annsEvents)]).toEqual([200, 200])
  const ended = Promise.all([closed(bobsEvents.resume()), closed(bobs)])
  expect(await statusOf(ask(anns, annsKey, '/server/people/bob@example.com', { method: 'DELETE' }))).toBe(200)
  await ended
  expect([annsEvents.closed, anns.closed]).toEqual([false, false])
  expect(await statusOf(ask(connect(), bob, '/apps'))).toBe(401)
  expect(await statusOf(ask(anns, annsKey, '/apps'))).toBe(200)
})

test('who leaves is still told that it worked, over the connection that ends by it', async () => {
  const bob = await letBobIn()
  const session = connect()
  const ended = closed(session)
  const leave = ask(session, bob, '/apps/shop/collaborators/bob@example.com', { method: 'DELETE' })
  expect(await statusOf(leave)).toBe(200)
  let answer = ''
  for await (const chunk of leave) answer += chunk
  expect(JSON.parse(answer)).toMatchObject({ user: { email: 'bob@example.com' } })
  await ended
})

test('a request that is refused has nothing of its body read', async () => {
  const bob = await letBobIn()
  const stream = connect().request({
    ':method': 'POST',
    ':path': '/apps/shop/builds',
    authorization: `Bearer ${bob.id}`,
  })
  stream.on('error', () => {})
  expect(await statusOf(stream)).toBe(403)
  stream.destroy()
})

// What one client, or one place, can do to the others' apps: nothing.
import { type EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { BufferedBytes, pieceBytes } from '../../../../agent/router/buffered-bytes.ts'
import { Admission } from '../../../../agent/router/client/admission.ts'
import { ClientConnection } from '../../../../agent/router/client/client-connection.ts'
import type { ClientHost } from '../../../../agent/router/client/client-host.ts'
import { Deadline } from '../../../../agent/router/deadline.ts'
import type { ClientSide } from '../../../../agent/router/exchange/client-side.ts'
import type { ExchangeHost } from '../../../../agent/router/exchange/exchange-host.ts'
import { RequestSender } from '../../../../agent/router/exchange/request-sender.ts'
import { ResponseRelay } from '../../../../agent/router/exchange/response-relay.ts'
import { Transfer } from '../../../../agent/router/exchange/transfer.ts'
import { Tunnel } from '../../../../agent/router/exchange/tunnel.ts'
import { Origin } from '../../../../agent/router/http/forward-head.ts'
import { unreadable } from '../../../../agent/router/http/request-head.ts'
import { defaultTimeouts, limits } from '../../../../agent/router/limits.ts'
import { eventually, get, keptIn, openRouted, type Routed } from '../routed.ts'

let routed: Routed
const opened: Socket[] = []
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy()
  await routed?.close()
})

/** Linux lets a client choose any address of the loopback network. */
function open(localAddress: string, text = ''): Socket {
  const socket = connect({ port: routed.port, host: '127.0.0.1', localAddress }).on('error', () => {})
  socket.resume().write(text)
  opened.push(socket)
  return socket
}

function askFrom(localAddress: string, text: string): Promise<string> {
  const socket = open(localAddress, text)
  return new Promise((resolve) => {
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
  })
}

const connections = async () => (await routed.control.status()).connections

async function openTwoApps(maxConnections?: number): Promise<void> {
  routed = await openRouted({}, maxConnections === undefined ? {} : { maxConnections })
  const dynos = await Promise.all(
    ['flooded', 'neighbour'].map((text) => routed.httpDyno((_request, response) => response.end(text))),
  )
  await routed.route({ dynos: dynos.slice(0, 1) }, { dynos: dynos.slice(1) })
}

test('a flood of connections from one place makes room for another, and is told H22', async () => {
  await openTwoApps(50)
  for (let count = 0; count < 50; count++) open('127.0.0.2')
  await eventually(async () => (await connections()) === 50)
  for (let count = 0; count < 10; count++) {
    expect(await askFrom('127.0.0.3', get('/', 'blog1.test'))).toMatch(/neighbour$/)
  }
  for (let count = 0; count < 20; count++) open('127.0.0.2')
  expect(await askFrom('127.0.0.2', get())).toMatch(/^HTTP\/1.1 503 [\s\S]*\r\nConnection: close\r\n/)
  expect((await lines()).find((line) => line.includes('code=H22'))).toMatch(
    /^at=error code=H22 desc="Connection limit reached" method=GET path="\/" .* fwd="127\.0\.0\.2" dyno= connect= service= status=503 /,
  )
  expect(await askFrom('127.0.0.3', get('/', 'blog1.test'))).toMatch(/neighbour$/)
})

test('a flood over HTTP/2 makes room for another too, and is told H22', async () => {
  await openTwoApps(20)
  const flood = await Promise.all(Array.from({ length: 20 }, () => openHttp2('127.0.0.2')))
  await eventually(async () => (await connections()) === 20)
  for (let count = 0; count < 5; count++) {
    expect(await askFrom('127.0.0.3', get('/', 'blog1.test'))).toMatch(/neighbour$/)
  }
  flood.push(...(await Promise.all(Array.from({ length: 10 }, () => openHttp2('127.0.0.2')))))
  const last = flood.at(-1)
  const stream = last?.request({ ':authority': 'blog.test' })
  stream?.resume()
  const [answer] = await once(stream as EventEmitter, 'response')
  expect(answer[':status']).toBe(503)
  expect((await lines()).find((line) => line.includes('code=H22'))).toMatch(/ status=503 .* protocol=http2\.0 /)
  await eventually(() => last?.destroyed)
  for (const session of flood) session.destroy()
})

/** One that has said hello and has nothing to ask. */
async function openHttp2(localAddress: string): Promise<ClientHttp2Session> {
  const session = connectHttp2('http://blog.test', { createConnection: () => open(localAddress) })
  session.on('error', () => {})
  await once(session, 'remoteSettings')
  return session
}

test('what is far beyond the limit is closed at once', async () => {
  await openTwoApps(5)
  const max = 5 + limits.unwelcomeConnections
  for (let count = 0; count < max + 50; count++) open('127.0.0.2')
  await eventually(
    async () => (await connections()) <= max && opened.filter(({ destroyed }) => destroyed).length >= 50,
    20_000,
  )
  expect(await askFrom('127.0.0.3', get('/', 'blog1.test'))).toMatch(/neighbour$/)
}, 30_000)

test('heads that come in drops and never end are let go, and hold nobody up', async () => {
  routed = await openRouted({ requestHeadMs: 100 })
  const dyno = await routed.httpDyno((_request, response) => response.end('neighbour'))
  await routed.route({ dynos: [dyno] })
  const slow = Array.from({ length: 200 }, () => open('127.0.0.2', 'GET / HTTP/1.1\r\nHost: blog.test\r\n'))
  const drip = setInterval(() => {
    for (const socket of slow) if (socket.writable) socket.write('X')
  }, 10)
  try {
    for (let count = 0; count < 10; count++) expect(await askFrom('127.0.0.3', get())).toMatch(/neighbour$/)
    await eventually(() => slow.every(({ destroyed }) => destroyed))
  } finally {
    clearInterval(drip)
  }
})

test('heads without an end are bounded for all of them together', async () => {
  routed = await openRouted()
  const dyno = await routed.httpDyno((_request, response) => response.end('neighbour'))
  await routed.route({ dynos: [dyno] })
  const line = `X-A: ${'x'.repeat(1000)}\r\n`
  const before = (await routed.control.status()).residentBytes
  // A hundred MB if all were kept.
  for (let count = 0; count < 1000; count++)
    open('127.0.0.2', `GET / HTTP/1.1\r\nHost: blog.test\r\n${line.repeat(100)}`)
  await eventually(async () => (await connections()) < 900, 20_000)
  expect((await routed.control.status()).residentBytes - before).toBeLessThan(4 * limits.allBuffersBytes)
  expect(await askFrom('127.0.0.3', get())).toMatch(/neighbour$/)
}, 30_000)

test('an answer that is over and not taken yet counts against what all connections may keep', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'floods-')), 'socket')
  const buffered = new BufferedBytes()
  const host = { buffered, timeouts: defaultTimeouts, onClosed() {} } as unknown as ClientHost
  const accepted = Promise.withResolvers<ClientConnection>()
  const server = createServer((socket) =>
    accepted.resolve(new ClientConnection(socket, new Origin('127.0.0.1', 80), host)),
  )
  await new Promise<void>((resolve) => server.listen(path, resolve))
  // A socket of this kind takes a few hundred KB, and no more.
  const client = connect(path).pause()
  const connection = await accepted.promise
  const kept = () => keptIn(buffered)
  connection.send([Buffer.alloc(4_000_000)])
  connection.finish(true)
  expect(kept()).toBeGreaterThan(3_000_000)
  client.resume()
  await eventually(() => kept() === 0)
  client.pause()
  connection.send([Buffer.alloc(4_000_000)])
  connection.finish(false)
  expect(kept()).toBeGreaterThan(3_000_000)
  client.destroy()
  await eventually(() => kept() === 0)
  await new Promise((resolve) => server.close(resolve))
  rmSync(dirname(path), { recursive: true })
})

test('a tunnel that one side takes nothing of counts too, and ends where there is no room', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'floods-')), 'socket')
  const buffered = new BufferedBytes()
  const kept = () => keptIn(buffered)
  const accepted: Socket[] = []
  const server = createServer((socket) => accepted.push(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const [client, dyno] = [connect(path).pause(), connect(path)]
  await eventually(() => accepted.length === 2)
  const ends: string[] = []
  const tunnel = new Tunnel({ idleMs: 60_000, buffered }, (reason) => ends.push(reason))
  const [toClient, toDyno] = accepted as [Socket, Socket]
  tunnel.join(toClient, toDyno)
  toClient.on('drain', () => tunnel.onClientDrain())
  tunnel.onUpstreamData(Buffer.alloc(4_000_000))
  expect(kept()).toBeGreaterThan(3_000_000)
  client.resume()
  await eventually(() => kept() === 0)
  client.pause()
  buffered.add(2 * limits.allBuffersBytes)
  tunnel.onUpstreamData(Buffer.alloc(4_000_000))
  buffered.remove(2 * limits.allBuffersBytes)
  expect([ends, kept()]).toEqual([['crowded'], 0])
  for (const socket of [client, dyno, ...accepted]) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
  rmSync(dirname(path), { recursive: true })
})

test('a body of thousands of small chunks waits for its dyno in one piece, and counts for what it takes', () => {
  const buffered = new BufferedBytes()
  const kept = () => keptIn(buffered)
  const sender = new RequestSender(buffered)
  sender.begin({ ...unreadable, protocol: 'http1.1', framing: { kind: 'chunked' } }, {
    pause() {},
    resume() {},
  } as ClientSide)
  sender.receive(Buffer.from('1;a\r\nx\r\n'.repeat(5000)))
  expect(kept()).toBe('1\r\nx\r\n'.length * 5000 + pieceBytes)
  const sent: unknown[] = []
  const dyno = { cork() {}, uncork() {}, write: (piece: unknown) => sent.push(piece) > 0 } as unknown as Socket
  sender.sendTo(dyno, 'head')
  expect([sent.length, String(sent[1]), kept()]).toEqual([2, '1\r\nx\r\n'.repeat(5000), 0])
})

test('where there is no room a dyno waits for its client only if somebody will say that it may go on', () => {
  const buffered = new BufferedBytes()
  buffered.add(limits.allBuffersBytes)
  const client = { waitingBytes: 20_000, willDrain: false, respond() {}, send() {} }
  const dyno = { isPaused: false, pause: () => (dyno.isPaused = true), resume: () => (dyno.isPaused = false) }
  const relay = new ResponseRelay(buffered)
  relay.begin(unreadable, client as unknown as ClientSide, dyno as unknown as Socket)
  relay.receive(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome'), true)
  expect(dyno.isPaused).toBe(false)
  client.willDrain = true
  relay.receive(Buffer.from('more'), true)
  expect(dyno.isPaused).toBe(true)
  relay.release()
  expect(dyno.isPaused).toBe(false)
})

test('large heads of requests under way count too, and where there is no room for one it is H11', () => {
  const buffered = new BufferedBytes()
  const kept = () => keptIn(buffered)
  const transfer = new Transfer({ buffered, timeouts: defaultTimeouts } as ExchangeHost, new Deadline())
  const begin = (bytes: number) => transfer.begin({} as ClientSide, { ...unreadable, lines: 'x'.repeat(bytes) })
  begin(limits.requestHeadBytes)
  expect([kept(), transfer.isTooMuch]).toEqual([limits.requestHeadBytes - limits.requestHeaderLineBytes, false])
  transfer.end()
  expect(kept()).toBe(0)
  buffered.add(limits.allBuffersBytes)
  begin(1000)
  expect(transfer.isTooMuch).toBe(false)
  transfer.end()
  begin(limits.requestHeadBytes)
  expect(transfer.isTooMuch).toBe(true)
})

test('one network of IPv6 is one place, however many addresses it has', () => {
  const admission = new Admission(10)
  for (let count = 0; count < 9; count++) admission.enter(`2001:db8:0:1::${count}`)
  admission.enter('2001:db8:0:2::1')
  expect(admission.hasMoreThanItsShare('2001:db8:0:1::ffff')).toBe(true)
  expect(admission.hasMoreThanItsShare('2001:db8:0:2::1')).toBe(false)
  for (let count = 0; count < 9; count++) admission.leave(`2001:db8:0:1::${count}`)
  expect(admission.hasMoreThanItsShare('2001:db8:0:1::1')).toBe(false)
})

const lines = () =>
  eventually(() => {
    const all = routed.log.flatMap((entry) => (entry.kind === 'line' ? [entry.line] : []))
    return all.some((line) => line.includes('H22')) && all
  })

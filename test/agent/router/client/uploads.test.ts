// Bodies of requests over HTTP/2: how far a client may be ahead of its dyno, and what that may cost.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BufferedBytes, pieceBytes } from '../../../../agent/router/buffered-bytes.ts'
import { ClientConnection } from '../../../../agent/router/client/client-connection.ts'
import type { ClientHost } from '../../../../agent/router/client/client-host.ts'
import { Http2Connection } from '../../../../agent/router/client/http2-connection.ts'
import { followKept } from '../../../../agent/router/client/kept-input.ts'
import { leanSocket } from '../../../../agent/router/client/lean-socket.ts'
import type { ClientSide } from '../../../../agent/router/exchange/client-side.ts'
import type { Exchange } from '../../../../agent/router/exchange/exchange.ts'
import { Origin } from '../../../../agent/router/http/forward-head.ts'
import { defaultTimeouts, limits } from '../../../../agent/router/limits.ts'
import { holdInput } from '../../../../agent/router/wire.ts'
import { eventually, keptIn, openRouted } from '../routed.ts'

/** A dyno that takes nothing until it is told to, in place of an exchange. */
class Upload {
  readonly side: ClientSide
  readonly digest = createHash('sha256')
  isOver = false
  isRefused = false

  constructor(side: ClientSide) {
    this.side = side
    side.pause()
  }

  start(): void {}
  sweep(): void {}
  forceClose(): void {}
  onClientDrain(): void {}
  onStreamBroken(): void {}
  onClientClosed(): void {}
  onClientData(chunk: Buffer): null {
    this.digest.update(chunk)
    return null
  }
  onRequestEnd(): void {
    this.isOver = true
  }
  onCrowded(): void {
    this.isRefused = true
  }
}

let server: Server
let buffered: BufferedBytes
let uploads: Upload[]
let connections: Http2Connection[]
const sessions: ClientHttp2Session[] = []

beforeEach(async () => {
  buffered = new BufferedBytes()
  uploads = []
  connections = []
  const host = {
    buffered,
    timeouts: defaultTimeouts,
    onClosed() {},
    onHttp2: (client: ClientConnection) => connections.push(new Http2Connection(client, host)),
    openExchange(side: ClientSide) {
      const upload = new Upload(side)
      uploads.push(upload)
      return upload as unknown as Exchange
    },
  } as unknown as ClientHost
  server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket: Socket) => {
    const lean = leanSocket(socket)
    new ClientConnection(lean, new Origin('127.0.0.1', 80), host)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy()
  for (const connection of connections) connection.forceClose()
  server.close()
  await eventually(() => keptBytes() === 0)
})

const keptBytes = () => keptIn(buffered)

function openSession(): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  session.on('error', () => {})
  sessions.push(session)
  return session
}

function begin(session: ClientHttp2Session): ClientHttp2Stream {
  return session.request({ ':authority': 'blog.test', ':method': 'POST' }).on('error', () => {})
}

/** Resolves when nothing more comes. */
async function untilStuck(): Promise<number> {
  let before = -1
  let same = 0
  await eventually(async () => {
    same = keptBytes() === before ? same + 1 : 0
    before = keptBytes()
    await new Promise((resolve) => setTimeout(resolve, 10))
    return before > 0 && same > 20
  }, 20_000)
  return before
}

test('clients may send a megabyte ahead, and bodies arrive whole, however they are cut', async () => {
  const session = openSession()
  const body = randomBytes(3 * limits.streamWindowBytes)
  const whole = begin(session)
  whole.end(body)
  await eventually(() => keptBytes() >= limits.streamWindowBytes, 20_000)
  expect(await untilStuck()).toBeLessThan(1.5 * limits.streamWindowBytes)
  const inDrops = begin(session)
  for (let at = 0; at < 3000; at++) inDrops.write(body.subarray(at, at + 1))
  inDrops.end()
  await eventually(() => uploads.length === 2)
  for (const { side } of uploads) side.resume()
  await eventually(() => uploads.length === 2 && uploads.every(({ isOver }) => isOver), 20_000)
  expect(uploads.map(({ digest }) => digest.digest('hex'))).toEqual(
    [body, body.subarray(0, 3000)].map((bytes) => createHash('sha256').update(bytes).digest('hex')),
  )
})

test('what dynos do not take is bounded, by connection and for all of them together', async () => {
  const body = Buffer.alloc(limits.streamWindowBytes)
  const flood = () => {
    const session = openSession()
    for (let count = 0; count < 12; count++) begin(session).end(body)
  }
  flood()
  await eventually(() => keptBytes() > limits.connectionWindowBytes / 2, 20_000)
  expect(await untilStuck()).toBeLessThan(1.1 * limits.connectionWindowBytes)
  for (let count = 0; count < 11; count++) flood()
  await eventually(() => keptBytes() > limits.allBuffersBytes / 2, 20_000)
  await untilStuck()
  expect(buffered.isOverfull).toBe(false)
  expect(uploads.some(({ isRefused }) => isRefused)).toBe(false)
  // A dyno that reads again has its clients read again, and nothing was lost on the way.
  for (let turn = 0; uploads.filter(({ isOver }) => isOver).length < 12 * 12; turn++) {
    if (turn > 2000) throw new Error('they do not end')
    for (const { side } of uploads) side.resume()
    for (const connection of connections) connection.sweep(performance.now())
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}, 60_000)

test('bytes that come one by one count for what they take, until they are taken or given up', async () => {
  for (const end of ['resume', 'destroy'] as const) {
    const stream = new Readable({ read() {} }).pause()
    let kept = 0
    followKept(stream, (byBytes) => {
      kept += byBytes
    })
    for (let at = 0; at < 1000; at++) stream.push('x')
    expect(kept).toBe(1000 * (1 + pieceBytes))
    const isOver = once(stream, end === 'resume' ? 'end' : 'close')
    stream[end]().push(null)
    await isOver
    expect(kept).toBe(0)
  }
})

test('a connection that waits for its client to read is not made to read itself', () => {
  const said: string[] = []
  const handle = { writeQueueSize: 1, readStart: () => said.push('start'), readStop: () => said.push('stop') }
  const socket = { _handle: handle } as unknown as Socket
  holdInput(socket, true)
  holdInput(socket, false)
  expect(said).toEqual(['stop'])
  handle.writeQueueSize = 0
  holdInput(socket, false)
  expect(said).toEqual(['stop', 'start'])
})

test('where there is no room for more, who goes on to send is refused', async () => {
  const stream = begin(openSession())
  await eventually(() => uploads.length === 1)
  buffered.add(2 * limits.allBuffersBytes)
  stream.write('x')
  await eventually(() => uploads[0]?.isRefused)
  buffered.remove(2 * limits.allBuffersBytes)
})

test('an upload to a dyno that reads slowly ends as any other, also over HTTP/2', async () => {
  const routed = await openRouted()
  try {
    const digest = createHash('sha256')
    const dyno = await routed.httpDyno((request, response) => {
      let bytes = 0
      request.on('data', (chunk: Buffer) => {
        digest.update(chunk)
        bytes += chunk.length
        request.pause()
        setImmediate(() => request.resume())
      })
      request.on('end', () => response.end(String(bytes)))
    })
    await routed.route({ dynos: [dyno] })
    const session = connect(`http://127.0.0.1:${routed.port}`)
    sessions.push(session)
    const body = randomBytes(12 * 1024 * 1024)
    const stream = begin(session)
    stream.end(body)
    let answer = ''
    stream.on('data', (chunk) => {
      answer += chunk
    })
    await eventually(() => stream.closed, 20_000)
    expect(answer).toBe(String(body.length))
    expect(digest.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'))
  } finally {
    await routed.close()
  }
}, 30_000)

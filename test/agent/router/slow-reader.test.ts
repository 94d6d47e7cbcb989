// Whoever reads slowly gets the very bytes that were sent: what waits in the router for somebody is never read over.
import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually, get, openRouted, type Routed } from './routed.ts'

let routed: Routed
beforeEach(async () => {
  routed = await openRouted()
})
afterEach(() => routed.close())

/** More than the kernel keeps on four sockets, with what may wait in the router. */
const body = countUp(24 * 1024 * 1024)
const length = `Content-Length: ${body.length}\r\n\r\n`
const upgrade = 'Connection: upgrade\r\nUpgrade: mine\r\n\r\n'
const partBytes = 6 * 1024 * 1024
/** More than what is lent, and less than a read could take. */
const pieceBytes = 20_000
const agreement = `HTTP/1.1 101 Switching Protocols\r\n${upgrade}`

describe('a client that reads slowly gets what the dyno sent', () => {
  test('with a length', async () => {
    const pour = await routePour(`HTTP/1.1 200 OK\r\n${length}`, body)
    expectSame(await readSlowly(ask(get()), pour))
  })

  test('in chunks that are taken off, larger than a read and smaller ones', async () => {
    const chunks = chunk(body, [300_000, 5, 70_000, 20_000])
    const pour = await routePour('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', chunks)
    expectSame(await readSlowly(ask(get().replace('HTTP/1.1', 'HTTP/1.0')), pour))
  })

  test('over HTTP/2', async () => {
    const pour = await routePour(`HTTP/1.1 200 OK\r\n${length}`, body)
    const session = connectHttp2(`http://127.0.0.1:${routed.port}`)
    expectSame(await readSlowly(session.request({ ':authority': 'blog.test', ':path': '/' }), pour))
    session.destroy()
  })

  test('after a switch of protocols', async () => {
    const pour = await routePour(agreement, body)
    expectSame(await readSlowly(ask(`GET / HTTP/1.1\r\nHost: blog.test\r\n${upgrade}`), pour))
  })
})

describe('a dyno that reads slowly gets what the client sent', () => {
  test('as the body of a request', async () => {
    const dyno = await routeReader('')
    const client = ask(`POST / HTTP/1.1\r\nHost: blog.test\r\n${length}`)
    const pour = new Pour(body).into(client)
    expectSame(await readSlowly(await dyno.socket, pour))
    client.destroy()
  })

  test('as a body that begins to come before there is a dyno', async () => {
    await routed.route({ state: 'starting' })
    const client = ask(`POST / HTTP/1.1\r\nHost: blog.test\r\n${length}`)
    const pour = new Pour(body).into(client)
    await pour.untilStuck()
    const dyno = await routeReader('')
    expectSame(await readSlowly(await dyno.socket, pour))
    client.destroy()
  })

  test('after a switch of protocols', async () => {
    const dyno = await routeReader(agreement)
    const client = ask(`GET / HTTP/1.1\r\nHost: blog.test\r\n${upgrade}`)
    const reader = await dyno.socket
    const pour = new Pour(body).into(client)
    expectSame(await readSlowly(reader, pour))
    client.destroy()
  })
})

/** No two places of it look alike. */
function countUp(bytes: number): Buffer {
  return Buffer.from(Uint32Array.from({ length: bytes / 4 }, (_, index) => index).buffer)
}

function chunk(bytes: Buffer, sizes: readonly number[]): Buffer {
  const parts: Buffer[] = []
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const part = bytes.subarray(start, start + (sizes[turn % sizes.length] ?? 1))
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
    start += part.length
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}

/** Bytes that are written as fast as they are taken. */
class Pour {
  private readonly bytes: Buffer
  private taken = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** The router, in this very process, gets each piece before the next is written. */
  into(socket: Socket): this {
    if (this.taken === this.bytes.length || socket.destroyed) return this
    const piece = this.bytes.subarray(this.taken, this.taken + pieceBytes)
    this.taken += piece.length
    if (socket.write(piece)) setImmediate(() => this.into(socket))
    else socket.once('drain', () => this.into(socket))
    return this
  }

  /** Resolves when nobody takes more of it. */
  async untilStuck(): Promise<void> {
    let before = 0
    await eventually(async () => {
      if (this.taken > 0 && this.taken === before) return true
      before = this.taken
      await delay(30)
      return false
    })
  }
}

/** A dyno that pours when it is asked. */
async function routePour(head: string, bytes: Buffer): Promise<Pour> {
  const pour = new Pour(bytes)
  const dyno = await routed.rawDyno((socket) =>
    socket.once('data', () => {
      socket.write(head)
      pour.into(socket)
    }),
  )
  await routed.route({ dynos: [dyno] })
  return pour
}

/** A dyno that says `agreement` and leaves the reading to the test. */
async function routeReader(agreement: string): Promise<{ socket: Promise<Socket> }> {
  const { promise, resolve } = Promise.withResolvers<Socket>()
  const dyno = await routed.rawDyno((socket) => {
    socket.write(agreement)
    resolve(socket)
  })
  await routed.route({ dynos: [dyno] })
  return { socket: promise }
}

function ask(head: string): Socket {
  const socket = connect(routed.port, '127.0.0.1').on('error', () => {})
  socket.write(head)
  return socket
}

/** What comes behind a head, if there is one: a part at a time, each when whoever sends it has stuck. */
async function readSlowly(from: Readable, pour: Pour): Promise<Buffer> {
  from.pause()
  await pour.untilStuck()
  const pieces: Buffer[] = []
  let bytes = 0
  let nextStop = partBytes
  for await (const piece of from.iterator({ destroyOnReturn: false })) {
    const rest = pieces.length === 0 ? withoutHead(piece) : piece
    pieces.push(rest)
    bytes += rest.length
    if (bytes >= body.length) break
    if (bytes < nextStop) continue
    nextStop += partBytes
    await pour.untilStuck()
  }
  return Buffer.concat(pieces)
}

function withoutHead(bytes: Buffer): Buffer {
  const end = bytes.indexOf('\r\n\r\n')
  return end < 0 ? bytes : bytes.subarray(end + 4)
}

function expectSame(received: Buffer): void {
  expect(received.length).toBe(body.length)
  const difference = received.findIndex((byte, at) => byte !== body[at])
  expect(difference, 'the first byte that is another').toBe(-1)
}

// HTTP/2 with clients that don't go on, and with dynos that say what it has no words for.
import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2'
import { connect as connectSocket, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { limits, type Timeouts } from '../../../../agent/router/limits.ts'
import { eventually, openRouted, type Routed } from '../routed.ts'

let routed: Routed
let session: ClientHttp2Session
const sockets: Socket[] = []
afterEach(async () => {
  session?.destroy()
  for (const socket of sockets.splice(0)) socket.destroy()
  await routed.close()
})

async function open(timeouts: Partial<Timeouts> = {}, options: SecureClientSessionOptions = {}): Promise<void> {
  routed = await openRouted(timeouts)
  session = connect(`http://127.0.0.1:${routed.port}`, options)
  session.on('error', () => {})
}

interface Answer {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly code: number
}

function ask(fields: Record<string, string | string[]>): Promise<Answer> {
  return new Promise((resolve) => {
    const stream = session.request({ ':authority': 'blog.test', ...fields })
    let headers: IncomingHttpHeaders = {}
    let body = ''
    stream.on('response', (received) => {
      headers = received
    })
    stream.on('data', (chunk) => {
      body += chunk
    })
    stream.on('error', () => {})
    stream.on('close', () => resolve({ headers, body, code: stream.rstCode ?? -1 }))
  })
}

const connections = async () => (await routed.control.status()).connections

test('what a dyno says that HTTP/2 has no words for is its own affair, and nobody else’s', async () => {
  const answers: Record<string, string> = {
    '/status': 'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n',
    '/trailer': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHTTP2-Settings: AA\r\nX-Sum: 7\r\n\r\n',
    '/object': 'HTTP/1.1 200 OK\r\nConstructor: mine\r\n__proto__: mine\r\nContent-Length: 2\r\n\r\nok',
  }
  await open()
  const dyno = await routed.rawDyno((socket) =>
    socket.on('data', (head) => socket.write(answers[String(head).split(' ')[1] ?? ''] ?? '')),
  )
  await routed.route({ dynos: [dyno] })
  expect((await ask({ ':path': '/status' })).headers[':status']).toBe(503)
  expect(await routed.line()).toMatch(/^at=error code=H17 /)
  expect(await ask({ ':path': '/trailer' })).toMatchObject({ headers: { ':status': 200 }, code: 0 })
  const { body, headers } = await ask({ ':path': '/object' })
  expect([body, headers.constructor, Object.keys(headers)]).toEqual([
    'ok',
    'mine',
    expect.arrayContaining(['__proto__']),
  ])
  expect(headers).not.toHaveProperty('date')
})

test('as many fields pass as over HTTP/1.1, and as large ones', async () => {
  const settings = { maxHeaderListSize: limits.responseHeadBytes }
  await open({}, { settings, maxHeaderListPairs: 2 * limits.headerCount } as SecureClientSessionOptions)
  let seen: IncomingHttpHeaders = {}
  const dyno = await routed.httpDyno((request, response) => {
    seen = request.headers
    // Clients take no single one above 64 KB.
    for (const name of ['a', 'b', 'c']) response.setHeader(`X-${name}`, 'x'.repeat(50_000))
    response.end('ok')
  })
  await routed.route({ dynos: [dyno] })
  const crumbs = Array.from({ length: 400 }, (_, index) => `c${index}=1`)
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`x-${index}`, '1']))
  const { body, headers } = await ask({ ...many, cookie: crumbs })
  expect(body).toBe('ok')
  expect([headers['x-a'], headers['x-b'], headers['x-c']].join('')).toHaveLength(150_000)
  expect(seen.cookie).toBe(crumbs.join('; '))
  expect(seen).toMatchObject(many)
})

const frame = (type: number, flags: number, stream: number, payload: Buffer | string = ''): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.set([type, flags], 3)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, Buffer.from(payload)])
}
const [data, headers, reset, settings] = [0, 1, 3, 4]
const endStream = 1
const endHeaders = 4
/** A field as it is, without a table and Huffman's code (RFC 7541, 6.2.2). */
const field = (name: string, value: string): Buffer =>
  Buffer.from(`\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`)

/** A client of frames, which never ends its side of the connection. */
function openFrames(): { socket: Socket; read: () => { type: number; flags: number; stream: number; text: string }[] } {
  const socket = connectSocket({ port: routed.port, host: '127.0.0.1', allowHalfOpen: true })
  sockets.push(socket)
  let received = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
  })
  socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(settings, 0, 0)]))
  const read = () => {
    const frames = []
    for (let at = 0; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
      const text = received.toString('latin1', at + 9, at + 9 + received.readUIntBE(at, 3))
      const [type = 0, flags = 0] = received.subarray(at + 3, at + 5)
      frames.push({ type, flags, stream: received.readUInt32BE(at + 5), text })
    }
    return frames
  }
  return { socket, read }
}

const post = frame(
  headers,
  endHeaders,
  1,
  Buffer.concat([
    field(':method', 'POST'),
    field(':scheme', 'http'),
    field(':authority', 'blog.test'),
    field(':path', '/'),
  ]),
)

test('a connection that is needed no more is closed, also by clients that never close theirs', async () => {
  await open({ clientIdleMs: 50 })
  session.destroy()
  const { read } = openFrames()
  await eventually(() => read().length > 0)
  await eventually(async () => (await connections()) === 0)
})

test('an answer that its client does not take is not kept for ever', async () => {
  await open({ idleMs: 500 }, { settings: { initialWindowSize: 0 } })
  const dyno = await routed.httpDyno((_request, response) => response.end('x'.repeat(100_000)))
  await routed.route({ dynos: [dyno] })
  const answer = ask({})
  expect(await routed.line()).toMatch(/^at=info .* status=200 bytes=100000 /)
  expect(await answer).toMatchObject({ body: '', code: 2 })
})

test('a request that is given up is not whole to the dyno, whatever its client calls that', async () => {
  await open()
  let heard = ''
  const dyno = await routed.rawDyno((socket) =>
    socket.on('data', (chunk) => {
      heard += chunk
    }),
  )
  await routed.route({ dynos: [dyno] })
  const { socket } = openFrames()
  socket.write(Buffer.concat([post, frame(data, 0, 1, 'abc')]))
  await eventually(() => heard.endsWith('3\r\nabc\r\n'))
  socket.write(frame(reset, 0, 1, '\0\0\0\0'))
  expect(await routed.line()).toMatch(/^sock=client at=warning code=H27 /)
  expect(heard).toMatch(/abc\r\n$/)
})

test('an answer that comes before the end of a request reaches its client whole', async () => {
  await open()
  const dyno = await routed.rawDyno((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig')),
  )
  await routed.route({ dynos: [dyno] })
  const { read, socket } = openFrames()
  socket.write(Buffer.concat([post, frame(data, 0, 1, 'abc')]))
  const ofStream = () => read().filter(({ stream }) => stream === 1)
  await eventually(() => ofStream().some(({ type }) => type === reset))
  const said = ofStream().map(({ flags, text, type }) => [type, type === headers ? '' : text, flags & endStream])
  expect(said[0]).toEqual([headers, '', 0])
  expect(said[1]).toEqual([data, 'big', expect.any(Number)])
  // The end of the answer, and only then that the rest of the request is for nobody.
  expect(said.slice(1, -1).some(([, , end]) => end === endStream)).toBe(true)
  expect(said.at(-1)).toEqual([reset, '\0\0\0\0', 0])
})

test('a client that begins requests and gives them up without end is sent away, before a dyno hears of most', async () => {
  await open()
  let asked = 0
  const dyno = await routed.httpDyno(() => {
    asked += 1
  })
  await routed.route({ dynos: [dyno] })
  let begun = 0
  const begin = () => {
    begun += 1
    const stream = session.request({ ':authority': 'blog.test' })
    stream.on('error', () => {}).close(constants.NGHTTP2_CANCEL)
  }
  // It may begin a thousand in one breath, and 33 a second then.
  await eventually(() => {
    for (let count = 0; count < 20 && !session.destroyed; count++) begin()
    return session.destroyed
  }, 20_000)
  expect(begun).toBeGreaterThan(900)
  expect(asked).toBeLessThan(begun / 2)
  await eventually(async () => (await connections()) === 0)
}, 30_000)

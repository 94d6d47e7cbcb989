import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nameHttp2Request, parseHttp2Request } from '../../../../agent/router/client/http2-request.ts'
import { Malformed } from '../../../../agent/router/http/header-block.ts'
import { limits } from '../../../../agent/router/limits.ts'
import { eventually, get, openRouted, type Routed } from '../routed.ts'

let routed: Routed
let session: ClientHttp2Session
beforeEach(async () => {
  routed = await openRouted({ idleMs: 1000 })
  session = connect(`http://127.0.0.1:${routed.port}`)
  session.on('error', () => {})
})
afterEach(async () => {
  session.destroy()
  await routed.close()
})

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly code: number
}

function ask(headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve) => {
    const fields = { ':authority': 'blog.test', ...headers }
    const stream = session.request(fields, { endStream: body === undefined })
    const chunks: Buffer[] = []
    let received: IncomingHttpHeaders = {}
    stream.on('response', (response) => {
      received = response
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', () => {})
    stream.on('close', () => {
      const text = Buffer.concat(chunks).toString()
      resolve({ status: Number(received[':status']), headers: received, body: text, code: stream.rstCode ?? -1 })
    })
    if (body !== undefined) stream.end(body)
  })
}

test('requests over HTTP/2 reach dynos in HTTP/1.1, many at once on one connection', async () => {
  const seen: Record<string, unknown>[] = []
  const dyno = await routed.httpDyno((request, response) => {
    seen.push({ version: request.httpVersion, url: request.url, ...request.headers })
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.write('hel')
    setTimeout(() => response.end(`lo ${request.url}`), 5)
  })
  await routed.route({ dynos: [dyno] })
  await eventually(() => session.remoteSettings)
  expect(session.remoteSettings.maxConcurrentStreams).toBe(limits.streamsPerConnection)
  const paths = Array.from({ length: 20 }, (_, index) => `/${index}`)
  const answers = await Promise.all(paths.map((path) => ask({ ':path': path, cookie: 'x=y' })))
  expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual(paths.map((path) => `200 hello ${path}`))
  expect(answers[0]?.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], via: '2.0 hearth-router' })
  expect(answers[0]?.headers).not.toHaveProperty('transfer-encoding')
  expect(seen[0]).toMatchObject({
    version: '1.1',
    url: '/0',
    host: 'blog.test',
    cookie: 'x=y',
    via: '2.0 hearth-router',
    'x-forwarded-for': '127.0.0.1',
  })
  expect(await routed.line()).toMatch(
    /^at=info method=GET path="\/\d+" host=blog\.test .* dyno=web\.1 .* status=200 bytes=\d+ protocol=http2\.0 tls=false$/,
  )
})

test('bodies pass with and without a length', async () => {
  const framings: unknown[] = []
  const dyno = await routed.httpDyno((request, response) => {
    framings.push(request.headers['content-length'] ?? request.headers['transfer-encoding'])
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.end(`[${body}]`))
  })
  await routed.route({ dynos: [dyno] })
  const big = 'x'.repeat(300_000)
  expect((await ask({ ':method': 'POST' }, 'abc')).body).toBe('[abc]')
  expect((await ask({ ':method': 'POST', 'content-length': '3' }, 'abc')).body).toBe('[abc]')
  expect((await ask({ ':method': 'POST' }, '')).body).toBe('[]')
  expect((await ask({ ':method': 'POST' }, big)).body).toBe(`[${big}]`)
  expect(framings).toEqual(['chunked', '3', 'chunked', 'chunked'])
})

test('HEAD, 204 and 304 end with their head', async () => {
  const dyno = await routed.httpDyno((request, response) => {
    response.statusCode = Number(request.url?.slice(1)) || 200
    response.end('not for HEAD')
  })
  await routed.route({ dynos: [dyno] })
  expect(await ask({ ':method': 'HEAD' })).toMatchObject({ status: 200, body: '', code: 0 })
  expect(await ask({ ':path': '/204' })).toMatchObject({ status: 204, body: '', code: 0 })
  expect(await ask({ ':path': '/304' })).toMatchObject({ status: 304, body: '', code: 0 })
})

test('the pages of errors come over HTTP/2 too', async () => {
  await routed.route({ state: 'stopped' })
  const page = await ask({})
  expect(page).toMatchObject({ status: 503, code: 0 })
  expect(page.body).toMatch(/Application error/)
  expect(await routed.line()).toMatch(/^at=error code=H14 .* protocol=http2\.0 /)
  const json = await ask({ accept: 'application/json', ':authority': 'who.test' })
  expect(JSON.parse(json.body)).toMatchObject({ id: 'no_such_app' })
})

test('trailers of a dyno pass', async () => {
  const dyno = await routed.rawDyno((socket) => {
    socket.once('data', () =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n'),
    )
  })
  await routed.route({ dynos: [dyno] })
  const stream = session.request({ ':authority': 'blog.test' })
  let trailers: IncomingHttpHeaders = {}
  stream.resume().on('trailers', (fields) => {
    trailers = fields
  })
  await eventually(() => stream.closed)
  expect(trailers['x-sum']).toBe('7')
})

test('a client that gives a request up makes H27, and its connection goes on', async () => {
  const dyno = await routed.httpDyno((request, response) => {
    if (request.url === '/slow') response.write('begin')
    else response.end('next')
  })
  await routed.route({ dynos: [dyno] })
  const stream = session.request({ ':authority': 'blog.test', ':path': '/slow' })
  stream.on('error', () => {})
  stream.on('data', () => stream.close(constants.NGHTTP2_CANCEL))
  expect(await routed.line()).toMatch(/^sock=client at=warning code=H27 .* status=499 /)
  expect((await ask({})).body).toBe('next')
})

test('a stream that breaks makes H33', async () => {
  const dyno = await routed.httpDyno((_request, response) => response.write('begin'))
  await routed.route({ dynos: [dyno] })
  const stream = session.request({ ':authority': 'blog.test' })
  stream.on('error', () => {})
  stream.on('data', () => stream.close(constants.NGHTTP2_PROTOCOL_ERROR))
  expect(await routed.line()).toMatch(/^at=warning code=H33 desc="HTTP\/2 Stream Broken" .* dyno=web\.1 .* status=499 /)
})

test('a dyno that dies in the middle ends its stream with an error, and the others go on', async () => {
  const dyno = await routed.httpDyno((request, response) => {
    if (request.url === '/dies') response.write('begin', () => response.socket?.resetAndDestroy())
    else response.end('fine')
  })
  await routed.route({ dynos: [dyno] })
  const [broken, fine] = await Promise.all([ask({ ':path': '/dies' }), ask({ ':path': '/' })])
  expect(broken.code).toBe(constants.NGHTTP2_INTERNAL_ERROR)
  expect(fine.body).toBe('fine')
})

test('what would be another request to the dyno is refused', async () => {
  let requests = 0
  const dyno = await routed.httpDyno((_request, response) => {
    requests++
    response.end()
  })
  await routed.route({ dynos: [dyno] })
  expect((await ask({ host: 'other.test' })).status).toBe(400)
  expect(await routed.line()).toMatch(
    /^at=error code=H26 desc="Request Error" cause="two different hosts" method=GET path="\/" host=blog\.test .* status=400 bytes= protocol=http2\.0 /,
  )
  // These are refused by Node itself, with a broken stream.
  for (const path of ['x', '/ HTTP/1.1']) {
    expect((await ask({ ':path': path })).code).toBe(constants.NGHTTP2_PROTOCOL_ERROR)
  }
  expect((await ask({ expect: 'tea' })).status).toBe(417)
  expect(requests).toBe(0)
  expect((await ask({ ':method': 'PURGE' })).status).toBe(200)
})

test('a slow reader of HTTP/2 holds its dyno back', async () => {
  let taken = 0
  const dyno = await routed.rawDyno((socket) => {
    const piece = Buffer.alloc(256 * 1024)
    const pour = () => {
      while (taken < 50_000_000 && !socket.destroyed) {
        taken += piece.length
        if (!socket.write(piece)) return void socket.once('drain', pour)
      }
    }
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')
      pour()
    })
  })
  await routed.route({ dynos: [dyno] })
  const stream = session.request({ ':authority': 'blog.test' })
  stream.on('error', () => {})
  stream.pause()
  expect(await routed.line()).toMatch(/^at=warning code=H28 /)
  expect(taken).toBeLessThan(25_000_000)
})

test('beside many answers that wait for their client another request passes', async () => {
  const dyno = await routed.httpDyno((request, response) =>
    response.end(request.url === '/big' ? Buffer.alloc(900_000) : 'small'),
  )
  await routed.route({ dynos: [dyno] })
  const waiting = Array.from({ length: 20 }, () =>
    session
      .request({ ':authority': 'blog.test', ':path': '/big' })
      .on('error', () => {})
      .pause(),
  )
  // Their dyno is done with them.
  await routed.line(waiting.length - 1)
  expect((await ask({ ':path': '/' })).body).toBe('small')
})

test('a router that stops lets the streams finish', async () => {
  const dyno = await routed.httpDyno((_request, response) => setTimeout(() => response.end('finished'), 60))
  await routed.route({ dynos: [dyno] })
  const answer = ask({})
  await eventually(async () => (await routed.control.status()).apps[0]?.inFlight === 1)
  await routed.restart()
  expect((await answer).body).toBe('finished')
})

test('a preface that comes in drops begins HTTP/2; one that comes later does not', async () => {
  const dyno = await routed.httpDyno((_request, response) => response.end('ok'))
  await routed.route({ dynos: [dyno] })
  const socket = connectSocket({ port: routed.port, host: '127.0.0.1', noDelay: true })
  const heard: Buffer[] = []
  socket.on('data', (chunk: Buffer) => heard.push(chunk))
  for (const drop of ['PRI * HT', 'TP/2.0\r\n\r', '\nSM', '\r\n\r\n', '\0\0\0\x04\0\0\0\0\0']) {
    socket.write(drop, 'latin1')
    await new Promise(setImmediate)
  }
  // A SETTINGS frame: type 4 in the fourth byte.
  await eventually(() => Buffer.concat(heard)[3] === 4)
  socket.destroy()
  const late = `${get().replace('Connection: close\r\n', '')}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`
  expect(await routed.ask(late)).toMatch(/ok\r?\n?HTTP\/1\.1 400 /)
})

// Node's HTTP/2 refuses most of these before we see them; we don't rest on that.
const start = [':method', 'GET', ':path', '/', ':scheme', 'http', ':authority', 'blog.test']
const hostile: [what: string, fields: string[], hasBody?: boolean][] = [
  ['a line end in a value', [...start, 'x-a', 'b\r\nTransfer-Encoding: chunked']],
  ['a line feed in the path', [':method', 'GET', ':path', '/\n', ':authority', 'blog.test']],
  ['a space in the path', [':method', 'GET', ':path', '/ HTTP/1.1', ':authority', 'blog.test']],
  ['a space in the method', [':method', 'GET / HTTP/1.1\r\n', ':path', '/', ':authority', 'blog.test']],
  ['CONNECT', [':method', 'CONNECT', ':path', '/', ':authority', 'blog.test']],
  ['a colon in a name', [...start, 'a:b', 'c']],
  ['a line end in a name', [...start, 'a\r\nb', 'c']],
  ['a transfer coding', [...start, 'transfer-encoding', 'chunked'], true],
  ['a length without a body', [...start, 'content-length', '5'], false],
  ['two lengths', [...start, 'content-length', '5', 'content-length', '5'], true],
  ['another host', [...start, 'host', 'other.test']],
  ['a path in the authority', [':method', 'GET', ':path', '/', ':authority', 'blog.test/x']],
  ['no authority', [':method', 'GET', ':path', '/']],
  ['a long line', [...start, 'x-a', 'x'.repeat(9000)]],
]
for (const [what, fields, hasBody = false] of hostile) {
  test(`a request of HTTP/2 with ${what} is refused`, () => {
    expect(() => parseHttp2Request(fields, hasBody)).toThrow(Malformed)
    expect(nameHttp2Request(fields)?.lines ?? '').toBe('')
  })
}

test('a cookie in crumbs is one to the dyno, and a body of unknown length gets chunks', () => {
  const fields = [...start, 'cookie', 'a=1', 'cookie', 'b=2', 'content-length', '0', 'te', 'trailers']
  expect(parseHttp2Request(fields, true)).toMatchObject({
    lines: 'GET / HTTP/1.1\r\nHost: blog.test\r\ncookie: a=1; b=2\r\n',
    framing: { kind: 'chunked' },
    protocol: 'http2.0',
  })
})

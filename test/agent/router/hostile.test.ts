import { afterAll, beforeAll, expect, test } from 'vitest'
import { ChunkedBody } from '../../../agent/router/http/chunked-body.ts'
import { Malformed } from '../../../agent/router/http/header-block.ts'
import { parseRequestHead } from '../../../agent/router/http/request-parser.ts'
import { parseResponseHead, RestrictionBroken } from '../../../agent/router/http/response-parser.ts'
import { limits } from '../../../agent/router/limits.ts'
import { eventually, openRouted, type Routed } from './routed.ts'

let routed: Routed
let requests = 0
beforeAll(async () => {
  routed = await openRouted({ requestHeadMs: 200 })
  const dyno = await routed.httpDyno((request, response) => {
    requests++
    request.resume().on('end', () => response.end('ok'))
  })
  await routed.route({ dynos: [dyno] })
})
afterAll(() => routed.close())

const head = (...lines: string[]) => `${['GET / HTTP/1.1', 'Host: blog.test', ...lines].join('\r\n')}\r\n\r\n`
const post = (...lines: string[]) => head(...lines).replace('GET', 'POST')
const chunked = (body: string) => `${post('Transfer-Encoding: chunked')}${body}`

const hostile: [what: string, bytes: string][] = [
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two hosts', head('Host: blog.test')],
  ['a host with a path', 'GET / HTTP/1.1\r\nHost: blog.test/x\r\n\r\n'],
  ['a host with a user', 'GET / HTTP/1.1\r\nHost: a@blog.test\r\n\r\n'],
  ['a host longer than any name', `GET / HTTP/1.1\r\nHost: ${'a.'.repeat(126)}abc\r\n\r\n`],
  ['two different lengths', `${post('Content-Length: 1', 'Content-Length: 2')}ab`],
  ['a list of lengths', `${post('Content-Length: 1, 1')}a`],
  ['a signed length', `${post('Content-Length: +1')}a`],
  ['a negative length', post('Content-Length: -1')],
  ['a length in hexadecimal', `${post('Content-Length: 0x1')}a`],
  ['an empty length', post('Content-Length:')],
  ['a length beyond all numbers', post(`Content-Length: ${'9'.repeat(30)}`)],
  ['a length and chunks', `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
  ['an unknown transfer coding', post('Transfer-Encoding: gzip')],
  ['two transfer codings', `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n`],
  ['two transfer coding headers', `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
  ['a transfer coding with a vertical tab', `${post('Transfer-Encoding: \x0bchunked')}0\r\n\r\n`],
  ['a transfer coding with a tab', `${post('Transfer-Encoding: chunked\t')}0\r\n\r\n`],
  ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: blog.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a folded line', head('X-A: 1', ' 2')],
  ['a first line that is folded', 'GET / HTTP/1.1\r\n Host: blog.test\r\n\r\n'],
  ['a space before the colon', head('X-A : 1')],
  ['an empty header name', head(': 1')],
  ['a header name with a space', head('X A: 1')],
  ['a header name outside ASCII', head('X-\xe9: 1')],
  ['no colon', head('X-A')],
  ['bare line feeds', 'GET / HTTP/1.1\nHost: blog.test\n\n'],
  ['one bare line feed', head('X-A: 1\nX-B: 2')],
  ['a bare carriage return', head('X-A: 1\rX-B: 2')],
  ['NUL in a value', head('X-A: a\0b')],
  ['DEL in a value', head('X-A: a\x7fb')],
  ['a NUL in the target', 'GET /\0 HTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['two spaces in the request line', 'GET  / HTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['a target outside ASCII', 'GET /\xff HTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['a tab in the request line', 'GET\t/\tHTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['no version', 'GET /\r\nHost: blog.test\r\n\r\n'],
  ['HTTP/2 in text', 'GET / HTTP/2.0\r\nHost: blog.test\r\n\r\n'],
  ['HTTP/1.2', 'GET / HTTP/1.2\r\nHost: blog.test\r\n\r\n'],
  ['a version in small letters', 'GET / http/1.1\r\nHost: blog.test\r\n\r\n'],
  ['a method that is no token', 'G(T / HTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['an asterisk for a target', 'GET * HTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['a relative target', 'GET x HTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['another scheme', 'GET ftp://blog.test/ HTTP/1.1\r\nHost: blog.test\r\n\r\n'],
  ['a long method', `${'A'.repeat(128)} / HTTP/1.1\r\nHost: blog.test\r\n\r\n`],
  ['a long request line', `GET /${'a'.repeat(8192)} HTTP/1.1\r\nHost: blog.test\r\n\r\n`],
  ['a long header line', head(`X-A: ${'a'.repeat(8192)}`)],
  ['a long header name', head(`${'a'.repeat(1001)}: 1`)],
  ['a thousand and one headers', head(...Array.from({ length: 1001 }, (_, index) => `X-${index}: 1`))],
  ['an endless head', `GET / HTTP/1.1\r\n${'X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(5000)}`],
  ['TLS on the plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ['a chunk size that is no number', chunked('x\r\n')],
  ['an empty chunk size', chunked('\r\nabc')],
  ['a chunk size with a space', chunked('3 \r\nabc\r\n0\r\n\r\n')],
  ['a chunk size with a prefix', chunked('0x3\r\nabc\r\n0\r\n\r\n')],
  ['a chunk size with a sign', chunked('+3\r\nabc\r\n0\r\n\r\n')],
  ['a giant chunk size', chunked('fffffffffffffffff\r\n')],
  ['a chunk size that ends in LF', chunked('3\nabc\r\n0\r\n\r\n')],
  ['a chunk longer than its size', chunked('3\r\nabcd\r\n0\r\n\r\n')],
  ['a chunk that ends in LF', chunked('3\r\nabc\n0\r\n\r\n')],
  ['a chunk extension with a line feed', chunked('3;a\nb\r\nabc\r\n0\r\n\r\n')],
  ['a chunk extension without end', chunked(`3;${'a'.repeat(300)}`)],
  ['a trailer that is no header', chunked('0\r\nGET / HTTP/1.1\r\n\r\n')],
  ['a trailer that frames', chunked('0\r\nContent-Length: 3\r\n\r\n')],
  ['a folded trailer', chunked('0\r\nX-A: 1\r\n 2\r\n\r\n')],
  ['endless trailers', chunked(`0\r\n${'X-A: aaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(1000)}`)],
]

for (const [what, bytes] of hostile) {
  test(`a request with ${what} is refused`, async () => {
    expect(await routed.ask(bytes)).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[\s\S]*\r\nConnection: close\r\n/)
  })
}

const request =
  (line: string, ...lines: string[]) =>
  () =>
    parseRequestHead(`${[line, 'Host: blog.test', ...lines].join('\r\n')}\r\n\r\n`)
const response =
  (line: string, ...lines: string[]) =>
  () =>
    parseResponseHead(`${[line, ...lines].join('\r\n')}\r\n\r\n`, 'GET')
const x = (count: number) => 'x'.repeat(count)
const sized: [limit: keyof typeof limits, ofSize: (size: number) => () => unknown][] = [
  ['requestLineBytes', (size) => request(`GET /${x(size - 14)} HTTP/1.1`)],
  ['requestHeaderLineBytes', (size) => request('GET / HTTP/1.1', `X-A: ${x(size - 5)}`)],
  ['headerNameBytes', (size) => request('GET / HTTP/1.1', `${x(size)}: 1`)],
  ['headerCount', (size) => request('GET / HTTP/1.1', ...Array<string>(size - 1).fill('X-A: 1'))],
  ['methodBytes', (size) => request(`${x(size)} / HTTP/1.1`)],
  ['statusLineBytes', (size) => response(`HTTP/1.1 200 ${x(size - 13)}`)],
  ['responseHeaderLineBytes', (size) => response('HTTP/1.1 200 OK', `X-A: ${x(size - 5)}`)],
  ['setCookieBytes', (size) => response('HTTP/1.1 200 OK', `Set-Cookie: ${x(size)}`)],
]
for (const [limit, ofSize] of sized) {
  test(`what is just at ${limit} passes, and one more does not`, () => {
    expect(ofSize(limits[limit])).not.toThrow()
    expect(ofSize(limits[limit] + 1)).toThrow()
  })
}

test('what Connection says in all its fields is no longer than one, also of a dyno', () => {
  const fields = (count: number) => Array<string>(count).fill(`Connection: ${'a,'.repeat(500)}`)
  for (const head of [request('GET / HTTP/1.1', ...fields(8)), response('HTTP/1.1 200 OK', ...fields(8))]) head()
  expect(request('GET / HTTP/1.1', ...fields(9))).toThrow(Malformed)
  expect(response('HTTP/1.1 200 OK', ...fields(9))).toThrow(RestrictionBroken)
})

test('trailers are judged alike however they are cut', () => {
  const judge = (...parts: string[]): string => {
    const body = new ChunkedBody(false)
    const passed: Buffer[] = []
    try {
      for (const part of parts) body.read(Buffer.from(part), 0, passed)
    } catch (error) {
      return String(error)
    }
    return `${body.isDone} ${Buffer.concat(passed)}`
  }
  const all = [
    '\r\n',
    'X-A: 1\r\nB: 2\r\n\r\nrest',
    'X-A: 1\n\r\n',
    'X\rY',
    '\n',
    'X-A\0: 1\r\n',
    'X: 1\r\n\n',
    'X: 1\r\n\rz',
  ]
  for (const trailers of all) {
    for (let at = 0; at <= trailers.length; at++) {
      for (let next = at; next <= trailers.length; next++) {
        const parts = [trailers.slice(0, at), trailers.slice(at, next), trailers.slice(next)]
        expect({ parts, verdict: judge('0\r\n', ...parts) }).toEqual({ parts, verdict: judge(`0\r\n${trailers}`) })
      }
    }
  }
})

test('a head that comes byte by byte is read all the same', async () => {
  const { connect } = await import('node:net')
  const answer = await new Promise<string>((resolve) => {
    const socket = connect({ port: routed.port, host: '127.0.0.1', noDelay: true })
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('close', () => resolve(text))
    const send = async () => {
      for (const byte of chunked('3;a=1\r\nabc\r\n0\r\nX-A: 1\r\n\r\n').replace(
        '\r\n\r\n',
        '\r\nConnection: close\r\n\r\n',
      )) {
        socket.write(byte)
        await new Promise(setImmediate)
      }
    }
    void send()
  })
  expect(answer).toMatch(/ok/)
})

test('what was refused is told to the app that it seems to be for', async () => {
  const lineOf = (path: string) =>
    eventually(() =>
      routed.log.flatMap((entry) => (entry.kind === 'line' ? [entry.line] : [])).find((line) => line.includes(path)),
    )
  await routed.ask('GET /two HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab')
  expect(await lineOf('"/two"')).toMatch(
    /^at=error code=H26 desc="Request Error" cause="more than one Content-Length header" method=GET path="\/two" host=blog\.test request_id=[0-9a-f-]{36} fwd="127\.0\.0\.1" dyno= connect= service= status=400 bytes= /,
  )
  // Which app this is for can't be told.
  await routed.ask('GET /whose HTTP/1.1\r\nHost: blog.test\r\nHost: blog.test\r\n\r\n')
  await routed.ask('GET /last HTTP/1.1\r\nHost: blog.test\r\nA B: c\r\n\r\n')
  await lineOf('"/last"')
  expect(routed.log.some((entry) => entry.kind === 'line' && entry.line.includes('/whose'))).toBe(false)
})

test('what was refused leaves nothing behind', async () => {
  const status = await routed.control.status()
  expect(status.apps[0]).toMatchObject({ inFlight: 0, held: 0, dynos: [{ inFlight: 0 }] })
  expect(requests).toBeLessThan(hostile.length)
})

test('nominating Host or Content-Length as hop-by-hop does not remove them', async () => {
  const before = requests
  expect(await routed.ask(`${post('Content-Length: 2', 'Connection: close, Host, Content-Length')}ab`)).toMatch(
    /^HTTP\/1.1 200 OK/,
  )
  expect(requests).toBe(before + 1)
})

test('cleartext HTTP/2 is not tunnelled', async () => {
  let upgrade: unknown = 'unseen'
  const dyno = await routed.httpDyno((request, response) => {
    upgrade = request.headers.upgrade
    response.end('ok')
  })
  await routed.route({ hostnames: ['h2c.test'], dynos: [dyno] })
  await routed.ask(
    'GET / HTTP/1.1\r\nHost: h2c.test\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n',
  )
  expect(upgrade).toBeUndefined()
})

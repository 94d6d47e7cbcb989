import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually, get, openRouted, type Routed } from './routed.ts'

let routed: Routed
beforeEach(async () => {
  routed = await openRouted()
})
afterEach(() => routed.close())

test('a request reaches the dyno with who asked, how, and when', async () => {
  let seen: Record<string, unknown> = {}
  const dyno = await routed.httpDyno((request, response) => {
    seen = { url: request.url, ...request.headers }
    response.end('hello')
  })
  await routed.route({ dynos: [dyno] })
  const before = Date.now()
  const answer = await routed.ask(
    'GET /a?b=c HTTP/1.1\r\nHost: BLOG.test:80\r\nX-Forwarded-For: 10.1.2.3\r\nVia: 1.0 cache\r\nX_Request_Id: forged\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\n\r\n',
  )
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
  expect(answer).toMatch(/\r\nVia: 1.1 hearth-router\r\nConnection: close\r\n\r\nhello$/)
  expect(seen).toMatchObject({
    url: '/a?b=c',
    host: 'BLOG.test:80',
    'x-forwarded-for': '10.1.2.3, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(routed.port),
    via: '1.0 cache, 1.1 hearth-router',
  })
  expect(seen).not.toHaveProperty('x-secret')
  expect(seen).not.toHaveProperty('x_request_id')
  expect(seen['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(Number(seen['x-request-start'])).toBeGreaterThanOrEqual(before)
})

test("every request makes one line in Heroku's format", async () => {
  const dyno = await routed.httpDyno((_request, response) => response.end('12345'))
  await routed.route({ dynos: [dyno] })
  await routed.ask(
    'GET /x?y="1"\\ HTTP/1.1\r\nHost: blog.test\r\nX-Request-Id: 407b828f-ec16-bfef-cff3-25e749e57945\r\nConnection: close\r\n\r\n',
  )
  expect(await routed.line()).toMatch(
    /^at=info method=GET path="\/x\?y=%221%22%5C" host=blog\.test request_id=407b828f-ec16-bfef-cff3-25e749e57945 fwd="127\.0\.0\.1" dyno=web\.1 connect=\d+ms service=\d+ms status=200 bytes=5 protocol=http1\.1 tls=false$/,
  )
  expect(routed.log[0]).toMatchObject({ kind: 'line', appId: 'app-0' })
})

test('a request id that is not one is replaced', async () => {
  let seen: unknown
  const dyno = await routed.httpDyno((request, response) => {
    seen = request.headers['x-request-id']
    response.end()
  })
  await routed.route({ dynos: [dyno] })
  await routed.ask('GET / HTTP/1.1\r\nHost: blog.test\r\nX-Request-Id: short\r\nConnection: close\r\n\r\n')
  expect(seen).toMatch(/^[0-9a-f-]{36}$/)
})

test('requests are spread over the dynos', async () => {
  const seen = new Set<number>()
  const dynos = await Promise.all(
    [1, 2, 3].map((number) =>
      routed.httpDyno((_request, response) => {
        seen.add(number)
        response.end()
      }),
    ),
  )
  await routed.route({ dynos })
  for (let count = 0; count < 60; count++) await routed.ask(get())
  expect(seen.size).toBe(3)
})

test('with session affinity a client comes back to its dyno, and gets another when that one is gone', async () => {
  const dynos = await Promise.all(
    ['a', 'b', 'c'].map((name) => routed.httpDyno((_request, response) => response.end(name))),
  )
  const affinity = { sessionAffinity: true }
  await routed.route({ dynos, ...affinity })
  const ask = async (cookie: string) => {
    const answer = await routed.ask(get().replace('\r\n\r\n', `\r\nCookie: a=1; ${cookie}; b=2\r\n\r\n`))
    const [, line, value] = /\r\nSet-Cookie: ((heroku-session-affinity=[\w-]+)[^\r]*)/.exec(answer) ?? []
    return { line, cookie: value, dyno: answer.at(-1) }
  }
  const first = await ask('c=3')
  expect(first.line).toMatch(/^heroku-session-affinity=dyno-\d+; Path=\/; Max-Age=86400; HttpOnly$/)
  for (let count = 0; count < 20; count++) {
    expect(await ask(first.cookie ?? '')).toEqual({ line: undefined, cookie: undefined, dyno: first.dyno })
  }
  await routed.route({ dynos: dynos.filter(({ id }) => first.cookie !== `heroku-session-affinity=${id}`), ...affinity })
  const next = await ask(first.cookie ?? '')
  expect(next.dyno).not.toBe(first.dyno)
  expect((await ask(next.cookie ?? '')).dyno).toBe(next.dyno)
})

test('many requests go over one connection, pipelined ones in order', async () => {
  const dyno = await routed.httpDyno((request, response) => {
    request.resume()
    request.on('end', () =>
      setTimeout(() => response.end(`[${request.method} ${request.url}]`), request.url === '/1' ? 30 : 0),
    )
  })
  await routed.route({ dynos: [dyno] })
  const post = 'POST /2 HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 3\r\n\r\nabc'
  const answer = await routed.ask(`GET /1 HTTP/1.1\r\nHost: blog.test\r\n\r\n${post}${get('/3')}`)
  expect(answer.match(/\[[^\]]+\]/g)).toEqual(['[GET /1]', '[POST /2]', '[GET /3]'])
})

test('a connection to a dyno serves many requests', async () => {
  let connections = 0
  const dyno = await routed.httpDyno((_request, response) => response.end('x'))
  dyno.server.on('connection', () => connections++)
  await routed.route({ dynos: [dyno] })
  for (let count = 0; count < 10; count++) await routed.ask(get())
  expect(connections).toBe(1)
})

test('bodies pass in both directions, sized or chunked', async () => {
  const dyno = await routed.httpDyno((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.write(Buffer.concat(chunks))
      response.end('!')
    })
  })
  await routed.route({ dynos: [dyno] })
  const answer = await routed.ask(
    'PUT / HTTP/1.1\r\nHost: blog.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5;ext="a;b"\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n',
  )
  expect(answer).toMatch(/Transfer-Encoding: chunked\r\n/)
  expect(answer).toMatch(/\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n$/)
  expect(await routed.line()).toMatch(/ status=200 bytes=6 /)
})

test('HTTP/1.0 clients get chunked responses as plain bytes', async () => {
  const dyno = await routed.httpDyno((_request, response) => {
    response.write('one ')
    response.end('two')
  })
  await routed.route({ dynos: [dyno] })
  const answer = await routed.ask('GET / HTTP/1.0\r\nHost: blog.test\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
  expect(answer).not.toMatch(/transfer-encoding/i)
  expect(answer).toMatch(/\r\n\r\none two$/)
})

test('a HEAD request gets a head only', async () => {
  const dyno = await routed.httpDyno((_request, response) => response.setHeader('Content-Length', 99).end())
  await routed.route({ dynos: [dyno] })
  expect(await routed.ask('HEAD / HTTP/1.1\r\nHost: blog.test\r\nConnection: close\r\n\r\n')).toMatch(
    /Content-Length: 99\r\n[\s\S]*\r\n\r\n$/,
  )
})

test('any method is passed on, CONNECT excepted', async () => {
  const dyno = await routed.rawDyno((socket) => {
    socket.once('data', (chunk) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${chunk.toString().split(' ')[0]}`))
  })
  await routed.route({ dynos: [dyno] })
  expect(await routed.ask('FOO / HTTP/1.1\r\nHost: blog.test\r\n\r\n')).toMatch(/\r\n\r\nFOO$/)
  expect(await routed.ask('CONNECT blog.test:80 HTTP/1.1\r\nHost: blog.test\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
})

test('a client that expects 100 Continue hears it from the router before it sends the body', async () => {
  let expectation: unknown = 'unseen'
  const dyno = await routed.httpDyno((request, response) => {
    expectation = request.headers.expect
    request.resume().on('end', () => response.end('done'))
  })
  await routed.route({ dynos: [dyno] })
  const head = 'POST / HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n'
  expect(await routed.ask(head, /\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  expect(expectation).toBeUndefined()
  await routed.ask('POST / HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 2\r\nExpect: tea\r\n\r\n')
  expect(await routed.line(1)).toMatch(
    /^at=error code=H26 desc="Request Error" cause="unsupported expect header value" .* status=417 /,
  )
})

test('an app may answer 100 Continue itself', async () => {
  const heard: string[] = []
  const dyno = await routed.rawDyno((socket) => {
    socket.on('data', (chunk) => {
      heard.push(chunk.toString())
      if (heard.length === 1) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone')
    })
  })
  await routed.route({ dynos: [dyno], endToEndContinue: true })
  const client = connect(routed.port, '127.0.0.1')
  let answer = ''
  client.on('data', (chunk) => {
    answer += chunk
    if (answer === 'HTTP/1.1 100 Continue\r\n\r\n') client.write('ab')
  })
  client.write('POST / HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
  await eventually(() => /done$/.test(answer))
  client.destroy()
  expect(heard[0]).toMatch(/\r\nExpect: 100-continue\r\n/)
  expect(heard[1]).toBe('ab')
  expect(answer.match(/100 Continue/g)).toHaveLength(1)
})

test('a 204, a 304 and the answer to a HEAD have no body, and one that is announced or comes is nobody’s answer', async () => {
  const answers = [
    'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
  ]
  let connections = 0
  const dyno = await routed.rawDyno((socket) => {
    connections++
    socket.on('data', () => socket.write(answers.shift() ?? ''))
  })
  await routed.route({ dynos: [dyno] })
  expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 204 No Content\r\nVia: [^\r]+\r\nConnection: close\r\n\r\n$/)
  expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 304 Not Modified\r\nContent-Length: 5\r\n[\s\S]*\r\n\r\n$/)
  expect(await routed.ask(get().replace('GET', 'HEAD'))).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\n$/)
  // What was announced could still come there, and would be read as the answer to the next request.
  expect(connections).toBe(3)
  expect(await routed.ask(get().replace('GET', 'HEAD'))).toMatch(/^HTTP\/1.1 200 OK\r\n/)
  expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 204 /)
  expect(connections).toBe(4)
})

test('headers that look like framing to apps that read them the CGI way go nowhere', async () => {
  let heard = ''
  const dyno = await routed.rawDyno((socket) => {
    socket.once('data', (chunk) => {
      heard = chunk.toString()
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    })
  })
  await routed.route({ dynos: [dyno] })
  await routed.ask(
    'GET / HTTP/1.1\r\nHost: blog.test\r\nContent_Length: 5\r\nTransfer_Encoding: chunked\r\nX_Mine: 1\r\nX-Tight:2\r\nX-Wide: \t 3 \t\r\nConnection: close\r\n\r\n',
  )
  expect(heard).toMatch(
    /^GET \/ HTTP\/1.1\r\nHost: blog.test\r\nX_Mine: 1\r\nX-Tight: 2\r\nX-Wide: 3\r\nX-Forwarded-For: /,
  )
})

test('early hints and trailers pass', async () => {
  const dyno = await routed.rawDyno((socket) => {
    socket.once('data', () =>
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=1\r\n\r\n',
      ),
    )
  })
  await routed.route({ dynos: [dyno] })
  const answer = await routed.ask(get())
  expect(answer).toMatch(/^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>\r\n\r\nHTTP\/1.1 200 OK\r\n/)
  expect(answer).toMatch(/2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n$/)
})

test('an absolute target decides the host, and goes on in origin form', async () => {
  const dyno = await routed.httpDyno((request, response) => response.end(`${request.headers.host} ${request.url}`))
  await routed.route({ dynos: [dyno] })
  expect(await routed.ask('GET http://blog.test?q HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n')).toMatch(
    /\r\n\r\nblog\.test \/\?q$/,
  )
  for (const target of ['*', 'http://blog.test']) {
    const options = `OPTIONS ${target} HTTP/1.1\r\nHost: blog.test\r\nConnection: close\r\n\r\n`
    expect(await routed.ask(options)).toMatch(/\r\n\r\nblog\.test \*$/)
  }
})

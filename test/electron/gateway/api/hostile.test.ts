import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, sendJson, sendRaw, type World } from './gateway-world.ts'

let world: World
let reached: string[]
beforeEach(async () => {
  reached = []
  world = await openWorld()
  world.state.answer = (stream, headers) => {
    reached.push(`${headers[':method']} ${headers[':path']}`)
    stream.resume()
    sendJson(stream, 200, {})
  }
})
afterEach(() => world.close())

const secret = 's'.repeat(32)

describe('a web page', () => {
  test.each([
    'evil.example',
    'evil.example:8801',
    'localhost.evil.example',
    '127.0.0.1',
    '127.0.0.1:1',
    '0.0.0.0:8801',
    '[::1]:8801',
    'shop.localhost:8801',
  ])('under the name %s reaches nothing, the token known or not', async (host) => {
    const asked = await world.ask('/apps', { headers: { host } })
    expect([asked.status, JSON.parse(asked.body).id]).toEqual([403, 'forbidden'])
    expect(reached).toEqual([])
  })

  test('is understood with this very address before its path, and with no other', async () => {
    expect((await world.ask(`http://127.0.0.1:${world.port}/apps`)).status).toBe(200)
    expect(reached).toHaveLength(1)
    const { port } = world
    for (const address of [
      'http://evil.example',
      `http://127.0.0.1:${port}@evil.example`,
      `http://127.0.0.1:${port}.evil.example`,
    ])
      expect((await world.ask(`${address}/apps`)).status).toBe(403)
    expect((await world.ask(`http://127.0.0.1:${port}/../apps`)).status).toBe(400)
    expect(reached).toHaveLength(1)
  })

  test.each(['http://evil.example', 'null', `http://127.0.0.1:1`])(
    'of the origin %s reaches nothing',
    async (origin) => {
      const asked = await world.ask('/apps', { headers: { origin } })
      expect(asked.status).toBe(403)
      expect(asked.headers).not.toHaveProperty('access-control-allow-origin')
      expect(reached).toEqual([])
    },
  )

  test('of this very address has an origin too, and reaches nothing', async () => {
    const asked = await world.ask('/apps', { headers: { origin: `http://127.0.0.1:${world.port}` } })
    expect(asked.status).toBe(403)
  })

  test('that asks beforehand is told no', async () => {
    const headers = { origin: 'http://evil.example', 'access-control-request-method': 'DELETE' }
    expect((await world.ask('/apps', { method: 'OPTIONS', headers })).status).toBe(403)
  })
})

describe('whoever has no token', () => {
  test.each([
    ['none', { authorization: '' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['a wrong one', { authorization: `Bearer ${'A'.repeat(43)}` }],
    ['a wrong one by Basic', { authorization: `Basic ${Buffer.from(':wrong').toString('base64')}` }],
    ['another scheme', { authorization: 'Digest username="a"' }],
  ])('sends %s and is refused before anything is asked of the server', async (_, headers) => {
    const asked = await world.ask('/apps', { headers })
    expect([asked.status, JSON.parse(asked.body).id]).toEqual([401, 'unauthorized'])
    expect([reached, world.state.opened]).toEqual([[], 0])
  })

  test('is not let in by the right one in the query, in the path or in a cookie', async () => {
    const token = world.token.text
    for (const path of [`/apps?token=${token}`, `/apps?access_token=${token}`, `/${token}/apps`]) {
      expect((await world.ask(path, { headers: { authorization: '' } })).status).toBe(401)
    }
    const headers = { authorization: '', cookie: `token=${token}` }
    expect((await world.ask('/apps', { headers })).status).toBe(401)
    expect(reached).toEqual([])
  })

  test('may read a stream and send a source whose secret it knows, and nothing beside it', async () => {
    const headers = { authorization: '' }
    expect((await world.ask(`/streams/${secret}`, { headers })).status).toBe(200)
    expect((await world.ask(`/source-blobs/${secret}`, { headers, method: 'PUT', body: 'x' })).status).toBe(200)
    for (const path of ['/streams/short', `/streams/${secret}/x`, `/streams/../apps`, '/streams/', `/attach/${secret}`])
      expect([400, 401]).toContain((await world.ask(path, { headers })).status)
    expect(reached).toEqual([`GET /streams/${secret}`, `PUT /source-blobs/${secret}`])
  })

  test("does not get the server's token by asking for it in a header", async () => {
    let seen: unknown
    world.state.answer = (stream, headers) => {
      seen = headers.authorization
      sendJson(stream, 200, {})
    }
    await world.ask(`/streams/${secret}`, { headers: { authorization: 'Bearer mine' } })
    expect(seen).toBeUndefined()
  })
})

describe('a path', () => {
  test.each([
    '/apps/../server',
    '/apps/%2e%2e/server',
    '/apps/%2E./server',
    '/apps/./shop',
    '/apps/shop%2fconfig-vars',
    '/apps/shop%2F..%2Fother',
    '/apps/shop%00',
    '/apps/sh.op',
    '/apps/shop%',
    '/apps/shop\\other',
    '/apps/shop#x',
    '/teams/apps/..%2fx',
  ])('%s is refused as it is', async (path) => {
    const answer = await sendRaw(
      world.port,
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nAuthorization: Bearer ${world.token.text}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(reached).toEqual([])
  })

  test('keeps the encoded slashes that the client means', async () => {
    await world.ask('/apps/shop/log-drains/https%3A%2F%2Flogs.example%2Fx', { method: 'DELETE' })
    expect(reached).toEqual(['DELETE /apps/shop/log-drains/https%3A%2F%2Flogs.example%2Fx'])
  })

  test.each(['http://evil.example/apps', 'https://127.0.0.1/apps', '//evil.example/apps'])(
    'with a host of its own, %s, is no request to this gateway',
    async (target) => {
      const answer = await sendRaw(
        world.port,
        `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nAuthorization: Bearer ${world.token.text}\r\nConnection: close\r\n\r\n`,
      )
      // `//name/apps` is a path, if an odd one; it stays one.
      if (target.startsWith('//')) expect(reached).toEqual(['GET //evil.example/apps'])
      else expect([answer.slice(0, 13), reached]).toEqual(['HTTP/1.1 403 ', []])
    },
  )
})

describe('a smuggled request', () => {
  const head = () => `Host: 127.0.0.1:${world.port}\r\nAuthorization: Bearer ${world.token.text}\r\n`
  const hidden = 'DELETE /apps/shop HTTP/1.1\r\nHost: x\r\n\r\n'

  test.each([
    ['two lengths', `Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n`],
    ['a length and chunks', `Content-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n`],
    ['an odd transfer coding', 'Transfer-Encoding: xchunked\r\n'],
    ['a folded header', `X-A: b\r\n Content-Length: ${hidden.length}\r\n`],
    ['a bare line feed', `X-A: b\nContent-Length: ${hidden.length}\r\n`],
    ['a space before the colon', `Content-Length : ${hidden.length}\r\n`],
    ['a null byte', 'X-A: a\0b\r\n'],
    ['two hosts', 'Host: evil.example\r\n'],
  ])('by %s is no second request', async (_, trick) => {
    const answer = await sendRaw(
      world.port,
      `POST /apps HTTP/1.1\r\n${head()}${trick}Connection: close\r\n\r\n${hidden}`,
    )
    expect(reached.filter((one) => one.startsWith('DELETE'))).toEqual([])
    expect(answer).not.toMatch(/^HTTP\/1\.1 2/)
  })

  test('in a header of the client stays one header', async () => {
    const answer = await sendRaw(
      world.port,
      `GET /apps HTTP/1.1\r\n${head()}:path: /server\r\n:method: DELETE\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(reached).toEqual([])
  })
})

test('a head of the client that is too long is refused, and one as long as its request ids grow is not', async () => {
  const long = await world.ask('/apps', { headers: { 'x-long': 'x'.repeat(20_000) } })
  expect([long.status, JSON.parse(long.body).id]).toEqual([431, 'bad_request'])
  const ids = Array.from({ length: 190 }, () => crypto.randomUUID()).join(',')
  expect((await world.ask('/apps', { headers: { 'request-id': ids } })).status).toBe(200)
})

test('a slow client that never ends its head is let go', async () => {
  await world.close()
  world = await openWorld({ patienceMs: 100 })
  const socket = net.connect(world.port, '127.0.0.1')
  socket.write('GET /apps HTTP/1.1\r\nHost: ')
  const answer = await text(socket)
  expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/)
})

test('a body that names a dyno and has no end is refused and not kept', async () => {
  const asked = await world.ask('/apps/shop/dynos', { method: 'POST', body: Buffer.alloc(3 << 20, 'x') })
  expect([asked.status, JSON.parse(asked.body).id]).toEqual([413, 'too_large'])
  expect(reached).toEqual([])
})

test('the proof of identity tells nothing of the token and needs a nonce', async () => {
  const headers = { authorization: '' }
  expect((await world.ask('/hearth/gateway', { headers })).status).toBe(400)
  expect((await world.ask('/hearth/gateway?nonce=a', { headers })).status).toBe(400)
  const proof = await world.ask(`/hearth/gateway?nonce=${'n'.repeat(32)}`, { headers })
  expect(proof.status).toBe(200)
  expect(proof.body).not.toContain(world.token.text)
})

test('an answer with the form of an error is never sent after an answer has begun', async () => {
  world.state.answer = (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/plain' })
    stream.write('begun')
    setImmediate(() => world.fake.breakConnections())
  }
  const request = http.get({ host: '127.0.0.1', port: world.port, path: `/streams/${secret}` })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let seen = ''
  response.on('data', (chunk) => (seen += chunk))
  await once(response, 'error')
  expect(seen).toBe('begun')
})

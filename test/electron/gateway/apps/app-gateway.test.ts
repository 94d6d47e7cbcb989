import { once } from 'node:events'
import http, { type IncomingMessage, type RequestListener } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { type Gateway, openGateway } from '../../../../electron/gateway/apps/app-gateway.ts'
import { chooseTarget, hostLabel, parseHost } from '../../../../electron/gateway/apps/app-host.ts'
import { rememberServers } from '../../../../electron/gateway/apps/remember-servers.ts'
import { until } from '../../../tooling/until.ts'

const targets = {
  shop: [{ serverId: 'a', serverName: 'nas' }],
  blog: [{ serverId: 'b', serverName: 'My VPS' }],
  both: [
    { serverId: 'a', serverName: 'nas' },
    { serverId: 'b', serverName: 'My VPS' },
  ],
  away: [{ serverId: 'away', serverName: 'away' }],
} as Record<string, { serverId: string; serverName: string }[]>

let gateway: Gateway
let routers: Record<string, http.Server>
let opened: string[]
let asDuplex: boolean
let answer: RequestListener

beforeEach(async () => {
  opened = []
  asDuplex = false
  answer = (request, response) => response.end(`${request.method} ${request.url} ${request.headers.host}`)
  routers = { a: await openRouter('a'), b: await openRouter('b') }
  gateway = await openGateway({
    port: 0,
    findServers: (app) => targets[app] ?? [],
    openRouter: async (serverId) => {
      opened.push(serverId)
      const router = routers[serverId]
      if (!router) throw new HearthError('unavailable', 'away is offline: its host does not answer.')
      const socket = net.connect((router.address() as AddressInfo).port, '127.0.0.1')
      return asDuplex ? plainDuplex(socket) : socket
    },
  })
})
afterEach(async () => {
  await gateway.close()
  for (const router of Object.values(routers)) {
    router.closeAllConnections()
    router.close()
  }
})

async function openRouter(name: string): Promise<http.Server> {
  const router = http.createServer((request, response) => {
    response.setHeader('server-name', name)
    answer(request, response)
  })
  await new Promise<void>((resolve) => router.listen(0, '127.0.0.1', resolve))
  return router
}

/** As a channel of an SSH connection: a stream without anything of a socket. */
function plainDuplex(socket: net.Socket): Duplex {
  return Duplex.from({ readable: socket, writable: socket })
}

async function ask(host: string, options: http.RequestOptions & { body?: string } = {}) {
  const request = http.request({ port: gateway.port, host: '127.0.0.1', headers: { host }, ...options })
  request.end(options.body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** Bytes as a hostile or simple client sends them; resolves with all that comes back. */
async function send(bytes: string): Promise<string> {
  const socket = net.connect(gateway.port, '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

describe('a request', () => {
  test('reaches the app that its host names, under the name that the router knows', async () => {
    const { status, body, headers } = await ask(`SHOP.localhost:${gateway.port}`, { path: '/x?y=1', method: 'DELETE' })
    expect(status).toBe(200)
    expect(body).toBe(`DELETE /x?y=1 shop.localhost:${gateway.port}`)
    expect(headers['server-name']).toBe('a')
  })

  test('for a name on several servers goes where the second label says', async () => {
    const asked = await ask('both.my-vps.localhost')
    expect(asked.headers['server-name']).toBe('b')
    expect(asked.body).toContain('both.localhost')
    const ambiguous = await ask('both.localhost')
    expect(ambiguous.status).toBe(404)
    expect(ambiguous.body).toContain(`http://both.nas.localhost:${gateway.port}`)
    expect(ambiguous.body).toContain(`http://both.my-vps.localhost:${gateway.port}`)
  })

  test.each([false, true])('streams bodies both ways, sockets or not (%s)', async (isDuplex) => {
    asDuplex = isDuplex
    answer = (request, response) => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2'])
      request.pipe(response)
    }
    const request = http.request({
      port: gateway.port,
      headers: { host: 'shop.localhost', 'transfer-encoding': 'chunked' },
      method: 'POST',
    })
    request.write('first')
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const [chunk] = await once(response, 'data')
    // The answer's beginning is here while the question has not ended.
    expect(String(chunk)).toBe('first')
    request.end('second')
    expect(await text(response)).toBe('second')
    expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2'])
  })

  test('on a kept connection is routed by its own host, never by the one before', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    expect((await ask('shop.localhost', { agent })).headers['server-name']).toBe('a')
    expect((await ask('blog.localhost', { agent })).headers['server-name']).toBe('b')
    expect((await ask('shop.localhost', { agent })).headers['server-name']).toBe('a')
    // And the connections to the servers are kept as well.
    expect(opened).toEqual(['a', 'b'])
    agent.destroy()
  })

  test('is asked again when the kept connection to the server had just closed', async () => {
    const agent = new http.Agent({ keepAlive: true })
    await ask('shop.localhost', { agent })
    routers.a?.closeAllConnections()
    expect((await ask('shop.localhost', { agent })).status).toBe(200)
    agent.destroy()
  })

  test('that is given up is given up at the server', async () => {
    const closed = vi.fn()
    answer = (request, response) => {
      response.write('begin')
      request.socket.once('close', closed)
    }
    const request = http.get({ port: gateway.port, headers: { host: 'shop.localhost' } })
    await once(request, 'response')
    request.destroy()
    await until(() => expect(closed).toHaveBeenCalled())
  })
})

describe('websockets', () => {
  test.each([false, true])('pass with their messages, subprotocol and end (%s)', async (isDuplex) => {
    asDuplex = isDuplex
    const sockets = new WebSocketServer({ server: routers.a as http.Server, handleProtocols: () => 'chat' })
    sockets.on('connection', (socket, request) => {
      socket.send(`hello from ${request.url} at ${request.headers.host}`)
      socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }))
    })
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/chat`, ['chat'], {
      headers: { host: 'shop.localhost' },
    })
    expect(String((await once(socket, 'message'))[0])).toBe(`hello from /chat at shop.localhost:${gateway.port}`)
    expect(socket.protocol).toBe('chat')
    socket.send('x'.repeat(100_000))
    expect(String((await once(socket, 'message'))[0])).toHaveLength(100_000)
    socket.close(4000, 'done')
    expect((await once(socket, 'close'))[0]).toBe(4000)
    sockets.close()
  })

  test('that the app refuses get its refusal', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/`, { headers: { host: 'shop.localhost' } })
    const [error] = await once(socket, 'error')
    expect(String(error)).toContain('200')
  })

  test('to a server that is away are told so', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/`, { headers: { host: 'away.localhost' } })
    expect(String((await once(socket, 'error'))[0])).toContain('503')
  })
})

describe('what cannot be passed on', () => {
  test('gets a page that says why: server away, app unknown', async () => {
    const away = await ask('away.localhost')
    expect(away.status).toBe(503)
    expect(away.body).toContain('away is offline: its host does not answer.')
    const unknown = await ask('nothing.localhost')
    expect(unknown.status).toBe(404)
    expect(unknown.body).toContain('knows no app named nothing')
    expect(unknown.body).not.toMatch(/shop|blog|nas/)
  })

  test('is refused when the host is not ours, so that no foreign page reaches an app', async () => {
    expect((await ask('evil.example')).status).toBe(421)
    expect((await ask('shop.localhost.evil.example')).status).toBe(421)
    expect((await ask(`127.0.0.1:${gateway.port}`)).status).toBe(421)
    expect(opened).toEqual([])
  })

  test('is refused when it is malformed, too long or two things at once', async () => {
    expect(await send('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(await send('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(await send('GET http://blog.localhost/ HTTP/1.1\r\nHost: shop.localhost\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(await send(`GET / HTTP/1.1\r\nHost: shop.localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/ 431 /)
    const smuggled =
      'POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    expect(await send(smuggled)).toMatch(/^HTTP\/1.1 400 /)
    expect(opened).toEqual([])
  })
})

test('where an app runs is asked once for many requests, and again when it was nowhere', async () => {
  const asked: string[] = []
  let isThere = false
  const find = rememberServers(async (app) => {
    asked.push(app)
    return isThere ? (targets.shop ?? []) : []
  })
  expect(await find('shop')).toEqual([])
  isThere = true
  await Promise.all([find('shop'), find('shop'), find('shop')])
  expect(await find('shop')).toEqual(targets.shop)
  expect(asked).toEqual(['shop', 'shop'])
})

test('the next free port is taken when the wanted one is not', async () => {
  const second = await openGateway({ port: gateway.port, findServers: () => [], openRouter: async () => new Duplex() })
  expect(second.port).toBeGreaterThan(gateway.port)
  expect(second.urlOf('shop')).toBe(`http://shop.localhost:${second.port}`)
  await second.close()
})

describe('names of hosts', () => {
  test.each([
    ['shop.localhost', { kind: 'app', app: 'shop', server: null }],
    ['Shop.LOCALHOST.:80', { kind: 'app', app: 'shop', server: null }],
    ['shop.nas.localhost:8780', { kind: 'app', app: 'shop', server: 'nas' }],
    ['localhost', { kind: 'foreign' }],
    ['a.b.c.localhost', { kind: 'foreign' }],
    ['-x.localhost', { kind: 'foreign' }],
    ['shop.localhost:80:80', { kind: 'foreign' }],
    ['../shop.localhost', { kind: 'foreign' }],
    ['', { kind: 'foreign' }],
    [undefined, { kind: 'foreign' }],
  ])('%s', (header, parsed) => {
    expect(parseHost(header)).toEqual(parsed)
  })

  test('a server is addressed by its name in small letters and dashes', () => {
    expect(hostLabel('My NAS (attic)')).toBe('my-nas-attic')
    expect(hostLabel('語')).toBe('server')
    expect(chooseTarget({ app: 'both', server: 'elsewhere' }, targets.both ?? [])).toEqual({ kind: 'none' })
  })
})

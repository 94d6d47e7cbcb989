import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { eventually, get, openRouted, type Routed } from './routed.ts'

let routed: Routed
beforeEach(async () => {
  routed = await openRouted({ idleMs: 300 })
})
afterEach(() => routed.close())

const total = 100 * 1024 * 1024

/** Writes `total` bytes as fast as it may; returns how many were taken so far. */
async function openFountain(): Promise<() => number> {
  let taken = 0
  const dyno = await routed.rawDyno((socket) => {
    const piece = Buffer.alloc(256 * 1024, 'x')
    const pour = () => {
      while (taken < total && !socket.destroyed) {
        taken += piece.length
        if (!socket.write(piece)) return void socket.once('drain', pour)
      }
    }
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`)
      pour()
    })
  })
  await routed.route({ dynos: [dyno] })
  return () => taken
}

test('a response to a client that does not read stops the dyno, not the memory, and ends as H28', async () => {
  const taken = await openFountain()
  const client = connect(routed.port, '127.0.0.1').on('error', () => {})
  client.pause()
  client.write(get())
  let before = -1
  await eventually(async () => {
    if (taken() > 0 && taken() === before) return true
    before = taken()
    await delay(50)
    return false
  })
  // The router's megabyte, and what the kernel keeps on four sockets.
  expect(taken()).toBeLessThan(total / 4)
  const { residentBytes } = await routed.control.status()
  expect(residentBytes).toBeLessThan(400 * 1024 * 1024)
  expect(await routed.line()).toMatch(/^at=warning code=H28 /)
  client.destroy()
})

test('100 MB arrive whole', async () => {
  await openFountain()
  const bytes = await new Promise<number>((resolve) => {
    let count = 0
    connect(routed.port, '127.0.0.1', function (this: import('node:net').Socket) {
      this.write(get())
    })
      .on('data', (chunk: Buffer) => {
        count += chunk.length
      })
      .on('close', () => resolve(count))
  })
  expect(bytes).toBeGreaterThan(total)
  expect(await routed.line()).toMatch(new RegExp(` status=200 bytes=${total} `))
})

test('an upload goes no faster than the dyno reads', async () => {
  const dyno = await routed.rawDyno((socket) => socket.pause())
  await routed.route({ dynos: [dyno] })
  const client = connect(routed.port, '127.0.0.1').on('error', () => {})
  client.write(`POST / HTTP/1.1\r\nHost: blog.test\r\nContent-Length: ${total}\r\n\r\n`)
  const piece = Buffer.alloc(1024 * 1024)
  let sent = 0
  const pour = () => {
    while (sent < total) {
      sent += piece.length
      if (!client.write(piece)) return
    }
  }
  client.on('drain', pour)
  pour()
  expect(await routed.line()).toMatch(/^at=error code=H12 /)
  expect(sent).toBeLessThan(total / 2)
  client.destroy()
})

test('server-sent events arrive one by one', async () => {
  const dyno = await routed.httpDyno((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  })
  await routed.route({ dynos: [dyno] })
  expect(await routed.ask('GET / HTTP/1.1\r\nHost: blog.test\r\n\r\n', /data: 1\n\n/)).toMatch(/text\/event-stream/)
})

test('a response without a length ends with its connection', async () => {
  const dyno = await routed.rawDyno((socket) =>
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nold style')),
  )
  await routed.route({ dynos: [dyno] })
  expect(await routed.ask('GET / HTTP/1.1\r\nHost: blog.test\r\n\r\n')).toMatch(/Connection: close\r\n\r\nold style$/)
})

test('an answer that comes before the end of a request reaches its client', async () => {
  const dyno = await routed.rawDyno((socket) =>
    socket.once('data', () =>
      socket.end('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig'),
    ),
  )
  await routed.route({ dynos: [dyno] })
  const answer = await routed.ask(
    `POST / HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 900000\r\n\r\n${'x'.repeat(100_000)}`,
  )
  expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*Connection: close\r\n\r\nbig$/)
})

test('websockets pass both ways, and are logged when they end', async () => {
  const dyno = await routed.httpDyno(() => {})
  const server = new WebSocketServer({ server: dyno.server })
  server.on('connection', (socket) => {
    socket.send('welcome')
    socket.on('message', (message) => socket.send(`echo ${message}`))
  })
  await routed.route({ dynos: [dyno] })
  const client = new WebSocket(`ws://127.0.0.1:${routed.port}/chat`, { headers: { host: 'blog.test' } })
  const heard: string[] = []
  client.on('message', (message) => heard.push(String(message)))
  client.on('open', () => client.send('hi'))
  await eventually(() => heard.length === 2)
  expect(heard).toEqual(['welcome', 'echo hi'])
  expect((await routed.control.status()).apps[0]).toMatchObject({ tunnels: 1, inFlight: 1 })
  const big = 'x'.repeat(2_000_000)
  client.send(big)
  await eventually(() => heard[2] === `echo ${big}`)
  client.close()
  expect(await routed.line()).toMatch(/^at=info method=GET path="\/chat" .* status=101 bytes=\d+ /)
  expect((await routed.control.status()).apps[0]).toMatchObject({ tunnels: 0, inFlight: 0 })
})

test('a silent websocket ends as H15', async () => {
  const dyno = await routed.httpDyno(() => {})
  new WebSocketServer({ server: dyno.server })
  await routed.route({ dynos: [dyno] })
  const client = new WebSocket(`ws://127.0.0.1:${routed.port}/`, { headers: { host: 'blog.test' } })
  client.on('error', () => {})
  expect(await routed.line()).toMatch(/^at=error code=H15 .* status=101 /)
})

test('a websocket whose client takes nothing more ends as H15, and its connection is not kept', async () => {
  const piece = Buffer.alloc(64 * 1024)
  const dyno = await routed.rawDyno((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n')
      const pour = () => {
        while (socket.writable) if (!socket.write(piece)) return void socket.once('drain', pour)
      }
      pour()
    }),
  )
  await routed.route({ dynos: [dyno] })
  const client = connect(routed.port, '127.0.0.1').on('error', () => {})
  client.pause()
  client.write('GET / HTTP/1.1\r\nHost: blog.test\r\nConnection: upgrade\r\nUpgrade: mine\r\n\r\n')
  expect(await routed.line()).toMatch(/^at=error code=H15 .* status=101 /)
  await eventually(async () => (await routed.control.status()).connections === 0)
  client.destroy()
})

test('streams and websockets live as long as something passes, and leave nothing behind', async () => {
  const rounds = 40
  const dyno = await routed.httpDyno((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let round = 0
    const timer = setInterval(() => {
      response.write(`data: ${round}\n\n`)
      if (++round < rounds) return
      clearInterval(timer)
      response.end('done')
    }, 50)
  })
  const server = new WebSocketServer({ server: dyno.server })
  server.on('connection', (socket) => socket.on('message', (message) => socket.send(message)))
  await routed.route({ dynos: [dyno] })
  const client = new WebSocket(`ws://127.0.0.1:${routed.port}/`, { headers: { host: 'blog.test' } })
  let echoes = 0
  client.on('message', () => echoes++)
  await new Promise((resolve) => client.once('open', resolve))
  const timersBefore = countTimers()
  const pings = setInterval(() => client.send('x'), 50)
  // Seven times the time after which silence would end them.
  const events = await routed.ask(get())
  clearInterval(pings)
  expect(events).toMatch(/done/)
  await eventually(() => echoes >= rounds / 2)
  expect(client.readyState).toBe(WebSocket.OPEN)
  await eventually(() => countTimers() <= timersBefore)
  client.terminate()
})

const countTimers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

test('any protocol is switched to, by any method, HEAD too', async () => {
  let heard = ''
  const dyno = await routed.rawDyno((socket) => {
    socket.once('data', (chunk) => {
      heard = chunk.toString()
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mine/2\r\n\r\nfirst')
      socket.on('data', (more) => socket.end(`[${more}]`))
    })
  })
  await routed.route({ dynos: [dyno] })
  const head = 'HEAD /x HTTP/1.1\r\nHost: blog.test\r\nConnection: upgrade\r\nUpgrade: mine/2\r\n\r\n'
  const answer = await routed.ask(`${head}hello`)
  expect(heard).toMatch(/^HEAD \/x HTTP\/1\.1\r\n[\s\S]*\r\nConnection: Upgrade\r\nUpgrade: mine\/2\r\n/)
  expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*Upgrade: mine\/2\r\n\r\nfirst\[hello\]$/)
  expect(await routed.line()).toMatch(/ method=HEAD .* status=101 bytes=12 /)
})

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Timeouts } from '../../../../agent/router/limits.ts'
import { eventually, get, openRouted, type Routed } from '../routed.ts'

let routed: Routed
const open = async (timeouts: Partial<Timeouts> = {}) => {
  routed = await openRouted(timeouts)
}
afterEach(() => routed.close())

const deadPort = { id: 'dead', name: 'web.9', host: '127.0.0.1', port: 1 }
const post = 'POST / HTTP/1.1\r\nHost: blog.test\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc'

describe('a dyno', () => {
  test('that refuses is passed over for another, and left alone for a while', async () => {
    await open()
    const dyno = await routed.httpDyno((_request, response) => response.end('ok'))
    await routed.route({ dynos: [deadPort, dyno] })
    for (let count = 0; count < 20; count++) expect(await routed.ask(post)).toMatch(/ok$/)
    expect((await routed.control.status()).apps[0]?.dynos.find(({ id }) => id === 'dead')?.requests).toBe(1)
  })

  test('that alone refuses makes H21, and the requests after it wait for the end of its quarantine', async () => {
    await open({ quarantineMs: 50 })
    await routed.route({ dynos: [deadPort] })
    expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(
      /^at=error code=H21 desc="Backend connection refused" .* dyno=web.9 connect=\d+ms service= status=503 bytes= /,
    )
    await routed.ask(get())
    expect(await routed.line(1)).toMatch(/ code=H21 /)
  })

  test('that stays silent makes H12 after the first-byte time', async () => {
    await open({ firstByteMs: 40 })
    const dyno = await routed.rawDyno((socket) => socket.resume())
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(
      /^at=error code=H12 desc="Request timeout" .* dyno=web.1 connect=\d+ms service=\d+ms status=503 bytes=0 /,
    )
    const [app] = (await routed.control.status()).apps
    expect(app?.dynos).toMatchObject([{ requests: 1, answered: 0, unanswered: 1 }])
  })

  test('that answers is counted as one that does, whatever it answers', async () => {
    await open()
    const dyno = await routed.httpDyno((_request, response) => response.writeHead(500).end())
    await routed.route({ dynos: [dyno] })
    for (let times = 0; times < 2; times += 1) await routed.ask(get())
    const [app] = (await routed.control.status()).apps
    expect(app?.dynos).toMatchObject([{ requests: 2, answered: 2, unanswered: 0 }])
  })

  test('has answered in time when the router was held up itself and finds the answer afterwards', async () => {
    await open({ firstByteMs: 100 })
    const answer = (response: ServerResponse) => {
      response.end('in time')
      const until = performance.now() + 300
      while (performance.now() < until);
    }
    const dyno = await routed.httpDyno((_request, response) => void setTimeout(answer, 20, response))
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(get())).toMatch(/in time$/)
  })

  test('is given the first-byte time only once it has the whole request', async () => {
    await open({ firstByteMs: 100 })
    const dyno = await routed.httpDyno((request, response) =>
      request.resume().on('end', () => response.end('slow but fine')),
    )
    await routed.route({ dynos: [dyno] })
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(routed.port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.write('POST / HTTP/1.1\r\nHost: blog.test\r\nConnection: close\r\nContent-Length: 4\r\n\r\n')
      for (const at of [60, 120, 180, 240]) setTimeout(() => socket.write('x'), at)
    })
    expect(answer).toMatch(/slow but fine$/)
  })

  test('that closes without a word makes H13, and the request is not sent twice', async () => {
    await open()
    let requests = 0
    const dyno = await routed.rawDyno((socket) =>
      socket.once('data', () => {
        requests++
        socket.destroy()
      }),
    )
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(post)).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(/^at=error code=H13 desc="Connection closed without response" /)
    expect(requests).toBe(1)
  })

  test('that closes a kept connection just then costs a repeatable request nothing', async () => {
    await open()
    const seen: Socket[] = []
    const dyno = await routed.rawDyno((socket) => {
      seen.push(socket)
      let requests = 0
      socket.on('data', () => {
        if (++requests > 1) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(get())).toMatch(/ok$/)
    expect(await routed.ask(get())).toMatch(/ok$/)
    expect(seen.length).toBe(2)
  })

  test('that falls silent in the middle makes H15', async () => {
    await open({ idleMs: 40 })
    const dyno = await routed.rawDyno((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')),
    )
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(get())).toMatch(/abc$/)
    expect(await routed.line()).toMatch(/^at=error code=H15 desc="Idle connection" .* status=503 bytes=3 /)
  })

  test('that dies in the middle makes H18, and the client is cut off', async () => {
    await open()
    const dyno = await routed.rawDyno((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', () => socket.resetAndDestroy()),
      ),
    )
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(get())).not.toMatch(/503/)
    expect(await routed.line()).toMatch(
      /^sock=backend at=error code=H18 desc="Server Request Interrupted" method=GET .* dyno=web.1 .* status=503 bytes=/,
    )
  })

  const broken: [what: string, response: string, code: string, status: number][] = [
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'H17', 503],
    ['ends lines with LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', 'H17', 503],
    ['names two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 'H25', 502],
    [
      'names a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'H25',
      502,
    ],
    ['sends a giant cookie', `HTTP/1.1 200 OK\r\nSet-Cookie: a=${'x'.repeat(9000)}\r\n\r\n`, 'H25', 502],
    ['sends a giant header', `HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(524_300)}\r\n\r\n`, 'H25', 502],
    ['sends a giant status line', `HTTP/1.1 200 ${'x'.repeat(8200)}\r\nContent-Length: 0\r\n\r\n`, 'H25', 502],
    ['switches protocols unasked', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', 'H17', 503],
  ]
  for (const [what, response, code, status] of broken) {
    test(`that ${what} makes ${code}`, async () => {
      await open()
      const dyno = await routed.rawDyno((socket) => socket.once('data', () => socket.write(response)))
      await routed.route({ dynos: [dyno] })
      expect(await routed.ask(get())).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(await routed.line()).toMatch(new RegExp(`^at=error code=${code} desc=.* status=${status} `))
    })
  }

  const restrictions: [what: string, response: string][] = [
    ['invalid content length', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
    ['oversized cookie', `HTTP/1.1 200 OK\r\nSet-Cookie: a=${'x'.repeat(9000)}\r\n\r\n`],
    ['oversized header', `HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(524_300)}\r\n\r\n`],
    ['oversized status line', `HTTP/1.1 200 ${'x'.repeat(8200)}\r\nContent-Length: 0\r\n\r\n`],
  ]
  for (const [what, response] of restrictions) {
    test(`whose response breaks a restriction is logged with the restriction: ${what}`, async () => {
      await open()
      const dyno = await routed.rawDyno((socket) => socket.once('data', () => socket.write(response)))
      await routed.route({ dynos: [dyno] })
      expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 502 Bad Gateway\r\n/)
      expect((await routed.line()).startsWith(`at=error code=H25 desc="HTTP restriction: ${what}" method=`)).toBe(true)
    })
  }

  test('that hints without end is stopped before it fills the memory for a client that does not read', async () => {
    await open()
    const hint = (length: number) => `HTTP/1.1 103 Early Hints\r\nLink: ${'x'.repeat(length)}\r\n\r\n`
    for (const [index, hints] of [hint(8000).repeat(200), hint(1).repeat(1100)].entries()) {
      const dyno = await routed.rawDyno((socket) => socket.once('data', () => socket.write(hints)))
      await routed.route({ dynos: [dyno] })
      expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 103 [\s\S]*HTTP\/1.1 502 Bad Gateway\r\n/)
      expect(await routed.line(index)).toMatch(/^at=error code=H25 desc="HTTP restriction: oversized header" /)
    }
  })

  test('that can not even be asked is a fault of the platform, not of the dyno', async () => {
    await open()
    // No part of a host name may be so long.
    await routed.route({ dynos: [{ ...deadPort, host: 'x'.repeat(70) }] })
    expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(
      /^at=error code=H99 desc="Platform error" .* dyno=web.9 connect= service= status=503 /,
    )
  })

  test('that has 200 unanswered requests gets no more: H11, while another app is served', async () => {
    await open()
    const slow = await routed.rawDyno((socket) => socket.resume())
    const quick = await routed.httpDyno((_request, response) => response.end('quick'))
    await routed.route({ dynos: [slow] }, { dynos: [quick] })
    const waiting = Array.from({ length: 200 }, () => connect(routed.port, '127.0.0.1').on('error', () => {}))
    for (const socket of waiting) socket.write(get())
    await eventually(async () => (await routed.control.status()).apps[0]?.inFlight === 200)
    expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(
      /^at=error code=H11 desc="Backlog too deep" .* dyno= connect= service= status=503 /,
    )
    expect(await routed.ask(get('/', 'blog1.test'))).toMatch(/quick$/)
    for (const socket of waiting) socket.destroy()
    await eventually(async () => (await routed.control.status()).apps[0]?.inFlight === 0)
  })

  test('that answers 200 streams takes more requests: an answer that has begun is no backlog', async () => {
    await open()
    const dyno = await routed.httpDyno((request, response) => {
      if (request.url === '/stream') response.write('begun')
      else response.end('one more')
    })
    await routed.route({ dynos: [dyno] })
    const streams = Array.from({ length: 201 }, () => connect(routed.port, '127.0.0.1').on('error', () => {}))
    let begun = 0
    for (const socket of streams) {
      socket.once('data', () => {
        begun++
      })
      socket.write('GET /stream HTTP/1.1\r\nHost: blog.test\r\n\r\n')
      await eventually(() => begun === streams.indexOf(socket) + 1)
    }
    expect(await routed.ask(get())).toMatch(/one more/)
    for (const socket of streams) socket.destroy()
  })

  test('that wants a connection of its own for each request gets it', async () => {
    await open()
    let connections = 0
    const seen = new Set<unknown>()
    const dyno = await routed.httpDyno((request, response) => {
      seen.add(request.headers.connection)
      response.end('x')
    })
    dyno.server.on('connection', () => connections++)
    await routed.route({ dynos: [dyno], keepAliveToDynos: false })
    for (let count = 0; count < 3; count++) expect(await routed.ask(get())).toMatch(/x$/)
    expect(connections).toBe(3)
    expect([...seen]).toEqual(['close'])
  })

  test('that says more than its response is asked nothing else on that connection', async () => {
    await open()
    let connections = 0
    const dyno = await routed.rawDyno((socket) => {
      connections++
      socket.on('data', () =>
        socket.write(
          'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged',
        ),
      )
    })
    await routed.route({ dynos: [dyno] })
    for (let count = 0; count < 3; count++) expect(await routed.ask(get())).toMatch(/\r\n\r\nok$/)
    expect(connections).toBe(3)
  })
})

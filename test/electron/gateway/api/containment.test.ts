import net from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, sendJson, sendRaw, type World } from './gateway-world.ts'

let world: World
let reached: number
beforeEach(async () => {
  reached = 0
  world = await openWorld()
  world.state.answer = (stream) => {
    reached += 1
    sendJson(stream, 200, [])
  }
})
afterEach(() => world.close())

/** As tunnel-agent of the stock client does it: CONNECT, then plain HTTP inside. */
async function tunnel(target: string, inside: string): Promise<{ status: string; answer: string }> {
  const socket = net.connect(world.port, '127.0.0.1')
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nConnection: close\r\n\r\n`)
  const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
  if (!String(first).startsWith('HTTP/1.1 200'))
    return { status: String(first).split('\r\n')[0] ?? '', answer: String(first) }
  socket.write(inside)
  return { status: 'HTTP/1.1 200', answer: await text(socket) }
}

const request = (host: string) =>
  `GET /favorites HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${world.token.text}\r\nConnection: close\r\n\r\n`

describe('a tunnel', () => {
  test.each(['telex.heroku.com', 'particleboard.heroku.com', 'api.metrics.heroku.com', 'PGDIAGNOSE.herokai.com'])(
    "to %s on this port ends here, and the client is told that a server of one's own has no such service",
    async (name) => {
      const { answer } = await tunnel(`${name}:${world.port}`, request(`${name}:${world.port}`))
      expect(answer).toMatch(/^HTTP\/1\.1 404 /)
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
        id: 'not_found',
        message: expect.stringContaining(name),
      })
      expect(reached).toBe(0)
    },
  )

  test.each(['127.0.0.1', 'localhost'])('to %s on this port is this gateway itself', async (name) => {
    const { answer } = await tunnel(`${name}:${world.port}`, request(`${name}:${world.port}`))
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(reached).toBe(1)
  })

  test.each([
    'kolkrabbi.heroku.com:443',
    'api.heroku.com:443',
    'evil.example:PORT',
    'heroku.com.evil.example:PORT',
    'evilheroku.com:PORT',
    '127.0.0.1:22',
    'localhost:25',
    '169.254.169.254:80',
    '[::1]:PORT',
    'telex.heroku.com',
    '',
  ])('to %s is refused at once', async (target) => {
    const { status, answer } = await tunnel(target.replace('PORT', String(world.port)), '')
    expect(status).toMatch(/^HTTP\/1\.1 40[03] /)
    if (target !== '') expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').id).toBe('forbidden')
  })
})

test('a plain request for elsewhere, as a proxy gets it, is refused at once', async () => {
  const answer = await sendRaw(
    world.port,
    'GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n',
  )
  expect(answer).toMatch(/^HTTP\/1\.1 403 /)
})

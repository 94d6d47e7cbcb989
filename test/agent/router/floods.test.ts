// What one client, or one place, can do to the others' apps: nothing.
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Admission } from '../../../agent/router/client/admission.ts'
import { limits } from '../../../agent/router/limits.ts'
import { eventually, get, openRouted, type Routed } from './routed.ts'

let routed: Routed
const opened: Socket[] = []
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy()
  await routed.close()
})

/** Linux lets a client choose any address of the loopback network. */
function open(localAddress: string, text = ''): Socket {
  const socket = connect({ port: routed.port, host: '127.0.0.1', localAddress }).on('error', () => {})
  socket.resume().write(text)
  opened.push(socket)
  return socket
}

function askFrom(localAddress: string, text: string): Promise<string> {
  const socket = open(localAddress, text)
  return new Promise((resolve) => {
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
  })
}

const connections = async () => (await routed.control.status()).connections

async function openTwoApps(maxConnections?: number): Promise<void> {
  routed = await openRouted({}, maxConnections === undefined ? {} : { maxConnections })
  const dynos = await Promise.all(
    ['flooded', 'neighbour'].map((text) => routed.httpDyno((_request, response) => response.end(text))),
  )
  await routed.route({ dynos: dynos.slice(0, 1) }, { dynos: dynos.slice(1) })
}

test('a flood of connections from one place makes room for another, and is told H22', async () => {
  await openTwoApps(50)
  for (let count = 0; count < 50; count++) open('127.0.0.2')
  await eventually(async () => (await connections()) === 50)
  for (let count = 0; count < 10; count++) {
    expect(await askFrom('127.0.0.3', get('/', 'blog1.test'))).toMatch(/neighbour$/)
  }
  for (let count = 0; count < 20; count++) open('127.0.0.2')
  expect(await askFrom('127.0.0.2', get())).toMatch(/^HTTP\/1.1 503 [\s\S]*\r\nConnection: close\r\n/)
  expect((await lines()).find((line) => line.includes('code=H22'))).toMatch(
    /^at=error code=H22 desc="Connection limit reached" method=GET path="\/" .* fwd="127\.0\.0\.2" dyno= connect= service= status=503 /,
  )
  expect(await askFrom('127.0.0.3', get('/', 'blog1.test'))).toMatch(/neighbour$/)
})

test('what is far beyond the limit is closed at once', async () => {
  await openTwoApps(5)
  const max = 5 + limits.unwelcomeConnections
  for (let count = 0; count < max + 50; count++) open('127.0.0.2')
  await eventually(
    async () => (await connections()) <= max && opened.filter(({ destroyed }) => destroyed).length >= 50,
    20_000,
  )
  expect(await askFrom('127.0.0.3', get('/', 'blog1.test'))).toMatch(/neighbour$/)
}, 30_000)

test('heads that come in drops and never end are let go, and hold nobody up', async () => {
  routed = await openRouted({ requestHeadMs: 100 })
  const dyno = await routed.httpDyno((_request, response) => response.end('neighbour'))
  await routed.route({ dynos: [dyno] })
  const slow = Array.from({ length: 200 }, () => open('127.0.0.2', 'GET / HTTP/1.1\r\nHost: blog.test\r\n'))
  const drip = setInterval(() => {
    for (const socket of slow) if (socket.writable) socket.write('X')
  }, 10)
  try {
    for (let count = 0; count < 10; count++) expect(await askFrom('127.0.0.3', get())).toMatch(/neighbour$/)
    await eventually(() => slow.every(({ destroyed }) => destroyed))
  } finally {
    clearInterval(drip)
  }
})

test('heads without an end are bounded for all of them together', async () => {
  routed = await openRouted()
  const dyno = await routed.httpDyno((_request, response) => response.end('neighbour'))
  await routed.route({ dynos: [dyno] })
  const line = `X-A: ${'x'.repeat(1000)}\r\n`
  const before = (await routed.control.status()).residentBytes
  // A hundred MB if all were kept.
  for (let count = 0; count < 1000; count++)
    open('127.0.0.2', `GET / HTTP/1.1\r\nHost: blog.test\r\n${line.repeat(100)}`)
  await eventually(async () => (await connections()) < 900, 20_000)
  expect((await routed.control.status()).residentBytes - before).toBeLessThan(4 * limits.allBuffersBytes)
  expect(await askFrom('127.0.0.3', get())).toMatch(/neighbour$/)
}, 30_000)

test('one network of IPv6 is one place, however many addresses it has', () => {
  const admission = new Admission(10)
  for (let count = 0; count < 9; count++) admission.enter(`2001:db8:0:1::${count}`)
  admission.enter('2001:db8:0:2::1')
  expect(admission.hasMoreThanItsShare('2001:db8:0:1::ffff')).toBe(true)
  expect(admission.hasMoreThanItsShare('2001:db8:0:2::1')).toBe(false)
  for (let count = 0; count < 9; count++) admission.leave(`2001:db8:0:1::${count}`)
  expect(admission.hasMoreThanItsShare('2001:db8:0:1::1')).toBe(false)
})

const lines = () =>
  eventually(() => {
    const all = routed.log.flatMap((entry) => (entry.kind === 'line' ? [entry.line] : []))
    return all.some((line) => line.includes('H22')) && all
  })

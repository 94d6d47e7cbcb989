// How a dyno is found, left alone, and let go.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import type { DynoRoute } from '../../../../agent/router/dynos/routes.ts'
import type { UpstreamConnection } from '../../../../agent/router/dynos/upstream-connection.ts'
import { UpstreamPool } from '../../../../agent/router/dynos/upstream-pool.ts'
import { defaultTimeouts, limits } from '../../../../agent/router/limits.ts'
import { eventually, get, openRouted, type Routed } from '../routed.ts'

let routed: Routed
afterEach(() => routed?.close())

const deadDynos = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `dead-${index}`,
    name: `web.${index}`,
    host: '127.0.0.1',
    port: 1,
  }))

/** A program that listens and takes nobody in: it is stopped with its queue full. */
async function openDeafDyno(): Promise<{ port: number; close(): void }> {
  const listen = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })`
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  child.kill('SIGSTOP')
  const queued = Array.from({ length: 4 }, () => connect(Number(port), '127.0.0.1').on('error', () => {}))
  await Promise.race(queued.map((socket) => once(socket, 'connect')))
  return {
    port: Number(port),
    close() {
      for (const socket of queued) socket.destroy()
      child.kill('SIGKILL')
    },
  }
}

test('a dyno that takes no connection in time makes H19, and another is tried first', async () => {
  routed = await openRouted({ connectMs: 100 })
  const deaf = await openDeafDyno()
  try {
    const dyno = { id: 'deaf', name: 'web.1', host: '127.0.0.1', port: deaf.port }
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(
      /^at=error code=H19 desc="Backend connection timeout" .* dyno=web\.1 connect=\d+ms service= status=503 bytes= /,
    )
    const other = await routed.httpDyno((_request, response) => response.end('other'))
    await routed.route({ dynos: [{ ...dyno, id: 'deaf-2' }, other] })
    for (let count = 0; count < 5; count++) expect(await routed.ask(get())).toMatch(/other$/)
  } finally {
    deaf.close()
  }
})

test('when every dyno is in quarantine a request waits, and in the end it is H34', async () => {
  routed = await openRouted({ holdMs: 60, quarantineMs: 60_000 })
  await routed.route({ dynos: deadDynos(1) })
  await routed.ask(get())
  expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 503 /)
  expect(await routed.line(1)).toMatch(
    /^at=error code=H34 desc="All up dynos are quarantined" .* dyno= connect= service= status=503 /,
  )
})

test('a request tries ten dynos and no more', async () => {
  routed = await openRouted()
  await routed.route({ dynos: deadDynos(12) })
  await routed.ask(get())
  expect(await routed.line()).toMatch(/ code=H21 /)
  const { apps } = await routed.control.status()
  expect(apps[0]?.dynos.reduce((sum, { requests }) => sum + requests, 0)).toBe(10)
})

test('connections that wait for a request too long are closed, to the dyno and to the client', async () => {
  routed = await openRouted({ dynoIdleMs: 1100, clientIdleMs: 50 })
  let hasDynoHeard = false
  const dyno = await routed.rawDyno((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
    socket.on('end', () => {
      hasDynoHeard = true
    })
  })
  await routed.route({ dynos: [dyno] })
  // Nothing asks for the end of it but the router.
  expect(await routed.ask('GET / HTTP/1.1\r\nHost: blog.test\r\n\r\n')).toMatch(/ok$/)
  await eventually(() => hasDynoHeard)
})

test('of connections that wait for a request no more than so many are kept for a dyno', () => {
  const pool = new UpstreamPool(defaultTimeouts)
  const dyno = { idle: [], isGone: false } as unknown as DynoRoute
  let closed = 0
  const connection = () => ({ dyno, destroy: () => closed++ }) as unknown as UpstreamConnection
  for (let count = 0; count < limits.idleConnectionsPerDyno + 3; count++) pool.release(connection(), null)
  expect([dyno.idle.length, closed]).toEqual([limits.idleConnectionsPerDyno, 3])
})

test('a dyno that announces how long it keeps connections is left before', async () => {
  routed = await openRouted()
  const sockets = new Set<Socket>()
  const dyno = await routed.rawDyno((socket) => {
    sockets.add(socket)
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok'))
  })
  await routed.route({ dynos: [dyno] })
  for (let count = 0; count < 3; count++) await routed.ask(get())
  expect(sockets.size).toBe(3)
})

import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, get as httpGet, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RoutedDyno } from '../../../../agent/core/ports/routing/router-control.ts'
import { openRouterControl } from '../../../../agent/router/control/control-client.ts'
import { eventually, get, openRouted, type Routed } from '../routed.ts'

let routed: Routed
beforeEach(async () => {
  routed = await openRouted({ stopMs: 300 })
})
afterEach(() => routed.close())

const answering = (text: string) =>
  routed.httpDyno((_request, response) => {
    setTimeout(() => response.end(text), 2)
  })

/** Requests without a pause, until `stop()`; resolves with the statuses seen. */
function load(): { stop(): Promise<Map<number, number>> } {
  const agent = new Agent({ keepAlive: true })
  const seen = new Map<number, number>()
  let isOver = false
  const ask = () =>
    new Promise<number>((resolve) => {
      const request = httpGet(
        { port: routed.port, host: '127.0.0.1', headers: { host: 'blog.test' }, agent },
        (response) => {
          response
            .resume()
            .on('end', () => resolve(response.statusCode ?? 0))
            .on('error', () => resolve(0))
        },
      )
      request.on('error', () => resolve(0))
    })
  const worker = async () => {
    while (!isOver) {
      const status = await ask()
      seen.set(status, (seen.get(status) ?? 0) + 1)
    }
  }
  const workers = Promise.all([1, 2, 3, 4].map(worker))
  return {
    async stop() {
      isOver = true
      await workers
      agent.destroy()
      return seen
    },
  }
}

test('dynos are swapped under load without one failed request', async () => {
  let current: RoutedDyno & { server: import('node:http').Server } = await answering('0')
  await routed.route({ dynos: [current] })
  const running = load()
  for (let swap = 1; swap <= 8; swap++) {
    const next = await answering(String(swap))
    await routed.route({ dynos: [next] })
    expect(await routed.control.drained([current.id], 2000)).toBe(true)
    current.server.close()
    current.server.closeAllConnections()
    current = next
  }
  const seen = await running.stop()
  expect([...seen.keys()]).toEqual([200])
  expect(seen.get(200)).toBeGreaterThan(20)
})

test('a dyno is drained when its last response is over, whatever other dynos do', async () => {
  let finish = () => {}
  const old = await routed.httpDyno((_request, response) => {
    response.write('first ')
    finish = () => response.end('last')
  })
  await routed.route({ dynos: [old] })
  const answer = routed.ask(get())
  await eventually(async () => (await routed.control.status()).apps[0]?.inFlight === 1)
  const other = await answering('other')
  await routed.route({ dynos: [other] })
  expect(await routed.control.drained([old.id], 30)).toBe(false)
  expect(await routed.ask(get())).toMatch(/other$/)
  expect((await routed.control.status()).apps[0]?.dynos.map(({ id }) => id)).toEqual([other.id, old.id])
  const drained = routed.control.drained([old.id], 5000)
  finish()
  expect(await drained).toBe(true)
  expect(await answer).toMatch(/first [\s\S]*last/)
  expect((await routed.control.status()).apps[0]?.dynos.map(({ id }) => id)).toEqual([other.id])
})

test('a dyno that nobody knows is drained', async () => {
  expect(await routed.control.drained(['never-seen'], 1000)).toBe(true)
})

test('a restarted router routes by the last table before the agent speaks to it', async () => {
  const dyno = await answering('still here')
  await routed.route({ dynos: [dyno] })
  await routed.control.close()
  await routed.restart()
  expect(await routed.ask(get())).toMatch(/still here$/)
})

test('a restarted router that lost its table gets it from the agent', async () => {
  const dyno = await answering('again')
  await routed.route({ dynos: [dyno] })
  writeFileSync(routed.tablePath, '{"revision": 1')
  await routed.restart()
  await eventually(async () => (await routed.control.status().catch(() => null))?.revision === 1)
  expect(await routed.ask(get())).toMatch(/again$/)
  await eventually(() => /^\{"revision":1,.*\}$/.test(readFileSync(routed.tablePath, 'utf8')))
})

test('a router that stops finishes what is in flight and says that it closes', async () => {
  const asked = Promise.withResolvers<ServerResponse>()
  const dyno = await routed.httpDyno((_request, response) => asked.resolve(response))
  await routed.route({ dynos: [dyno] })
  const answer = routed.ask('GET / HTTP/1.1\r\nHost: blog.test\r\n\r\n')
  const response = await asked.promise
  const restarted = routed.restart()
  response.end('finished')
  await restarted
  expect(await answer).toMatch(/Connection: close\r\n\r\nfinished$/)
})

test('a router that can not wait any longer says H24', async () => {
  const dyno = await routed.httpDyno((_request, response) => response.write('for ever'))
  await routed.route({ dynos: [dyno] })
  const answer = routed.ask(get())
  await eventually(async () => (await routed.control.status()).apps[0]?.inFlight === 1)
  await routed.restart()
  await answer
  expect(await routed.line()).toMatch(/^at=error code=H24 desc="Forced close" .* status= bytes=/)
})

test('a table waits for a router that is away, and gives up after a while', async () => {
  const control = openRouterControl({ controlPath: `${routed.controlPath}.none`, applyTimeoutMs: 60, firstRetryMs: 5 })
  await expect(control.apply({ revision: 1, apps: [] })).rejects.toThrow(/took no routing table in 60 ms.*ENOENT/)
  await control.close()
})

test('an old table does not take the place of a newer one, whichever way it came', async () => {
  const dyno = await answering('newest')
  const other = openRouterControl({ controlPath: routed.controlPath })
  await routed.route({})
  await routed.route({ dynos: [dyno] })
  await other.apply({ revision: 1, apps: [] })
  await other.close()
  expect(await routed.ask(get())).toMatch(/newest$/)
})

test('tables that are told in one breath all arrive, the newest last', async () => {
  const dyno = await answering('newest')
  await Promise.all(Array.from({ length: 20 }, (_, index) => routed.route(index === 19 ? { dynos: [dyno] } : {})))
  expect(await routed.ask(get())).toMatch(/newest$/)
  expect((await routed.control.status()).revision).toBe(20)
})

test('a table that makes no sense is refused, and the old one stays', async () => {
  const dyno = await answering('ok')
  await routed.route({ dynos: [dyno] })
  await expect(routed.route({ hostnames: ['two words'] })).rejects.toThrow(/apps\[0\]\.hostnames\[0\]/)
  expect(await routed.ask(get())).toMatch(/ok$/)
})

test('host names are found in any case, and each belongs to one app', async () => {
  const [first, second] = [await answering('first'), await answering('second')]
  await routed.route(
    { hostnames: ['A.test', 'both.test'], dynos: [first] },
    { hostnames: ['b.test', 'both.test'], dynos: [second] },
  )
  expect(await routed.ask(get('/', 'a.TEST.:8080'))).toMatch(/first$/)
  expect(await routed.ask(get('/', 'b.test'))).toMatch(/second$/)
  expect(await routed.ask(get('/', 'both.test'))).toMatch(/first$/)
})

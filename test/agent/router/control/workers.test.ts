// The router's processes as a server runs them: a listener that somebody else opened, and more than one process on it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer as createHttpServer, type Server as HttpServer, get as httpGet } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RouterControl, RouterLogEntry } from '../../../../agent/core/ports/routing/router-control.ts'
import { openRouterControl } from '../../../../agent/router/control/control-client.ts'
import { judgeWorkers } from '../../../../agent/router/workers/judge-workers.ts'
import { isAllAsked } from '../../../tooling/scope.ts'
import { eventually } from '../routed.ts'

const main = join(import.meta.dirname, '../../../../agent/main.ts')
const startMs = 30_000

describe('a router of two processes', () => {
  let folder: string
  let port: number
  let dyno: HttpServer
  let router: ChildProcess
  let control: RouterControl
  let log: RouterLogEntry[]

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'workers-'))
    dyno = createHttpServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
    await once(dyno, 'listening')
    await startRouter()
    control = openRouterControl({ controlPath: join(folder, 'control.sock'), firstRetryMs: 20 })
    log = []
    control.onLog((entry) => log.push(entry))
    await tell(1)
    await processes(2)
  }, startMs)

  afterEach(async () => {
    await control.close()
    if (router.exitCode === null && router.signalCode === null) {
      router.kill()
      await once(router, 'exit')
    }
    dyno.close()
    dyno.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }, startMs)

  /** As systemd does it: the socket is there before the program, as its file 3. */
  async function startRouter(): Promise<void> {
    const listener = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
    await once(listener, 'listening')
    port = (listener.address() as AddressInfo).port
    const places = `--run ${folder} --router-directory ${folder} --router-workers 2`
    const command = `LISTEN_PID=$$ LISTEN_FDS=1 exec ${process.execPath} ${main} router --runner process ${places}`
    const { fd } = (listener as unknown as { _handle: { fd: number } })._handle
    router = spawn('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'ignore', fd] })
    await once(router, 'spawn')
    listener.close()
  }

  function tell(revision: number, hostname = 'hello.test'): Promise<void> {
    const { port: dynoPort } = dyno.address() as AddressInfo
    const dynos = [{ id: 'd', name: 'web.1', host: '127.0.0.1', port: dynoPort }]
    const app = { id: 'a', name: 'a', hostnames: [hostname], maintenance: false, state: 'up' as const, dynos }
    return control.apply({ revision, apps: [app] })
  }

  const processes = (count: number) =>
    eventually(async () => {
      const status = await control.status().catch(() => null)
      return status?.pids.length === count && status.pids
    }, startMs)

  function ask(hostname: string, agent?: Agent): Promise<string> {
    return new Promise((resolve) => {
      const options = { port, host: '127.0.0.1', headers: { host: hostname }, agent: agent ?? false }
      httpGet(options, (response) => {
        response.resume().on('end', () => resolve(String(response.statusCode)))
      }).on('error', (error) => resolve(error.message))
    })
  }

  /** Requests on connections of their own and on kept ones, until told to end; what was not answered with 200. */
  function load(): { stop(): Promise<{ failures: string[]; answers: number }> } {
    const kept = new Agent({ keepAlive: true })
    const failures: string[] = []
    let answers = 0
    let isOver = false
    const run = async (agent?: Agent) => {
      while (!isOver) {
        const answer = await ask('hello.test', agent)
        answers++
        if (answer !== '200') failures.push(answer)
      }
    }
    const running = Promise.all([run(), run(), run(kept), run()])
    return {
      async stop() {
        isOver = true
        await running
        kept.destroy()
        return { failures, answers }
      },
    }
  }

  test(
    'takes requests with both, tells both of a new table, and logs what both do',
    async () => {
      const requests = 200
      const answers = await Promise.all(Array.from({ length: requests }, () => ask('hello.test')))
      expect(new Set(answers)).toEqual(new Set(['200']))
      await eventually(() => log.length === requests)
      const { apps, residentBytes } = await control.status()
      expect(apps[0]).toMatchObject({ requests, inFlight: 0, dynos: [{ requests }] })
      expect(residentBytes).toBeGreaterThan(2 * 30_000_000)
      expect(await control.takeTraffic()).toMatchObject([{ appId: 'a', statuses: [0, requests, 0, 0, 0] }])
      await tell(2, 'renamed.test')
      const after = await Promise.all(Array.from({ length: 100 }, () => ask('hello.test')))
      expect(new Set(after)).toEqual(new Set(['404']))
      expect(await control.drained(['d'], 1000)).toBe(true)
    },
    startMs,
  )

  test(
    'fails no request when one process is told to end, and has another soon',
    async () => {
      const [, second] = await processes(2)
      const running = load()
      await eventually(() => log.length > 50)
      process.kill(second as number, 'SIGTERM')
      await eventually(async () => {
        const { pids } = await control.status()
        return pids.length === 2 && !pids.includes(second as number)
      }, startMs)
      const { failures, answers } = await running.stop()
      expect(failures).toEqual([])
      expect(answers).toBeGreaterThan(100)
    },
    startMs,
  )

  test(
    'goes on with one when the other is killed, and has another soon',
    async () => {
      const [, second] = await processes(2)
      process.kill(second as number, 'SIGKILL')
      for (let count = 0; count < 50; count++) expect(await ask('hello.test')).toBe('200')
      await eventually(async () => {
        const { pids } = await control.status()
        return pids.length === 2 && !pids.includes(second as number)
      }, startMs)
    },
    startMs,
  )

  if (isAllAsked)
    test(
      'holds 10,000 connections that do nothing, routes 5,000 names of 1,000 apps beside them, and lets all of them go',
      async () => {
        const { port: dynoPort } = dyno.address() as AddressInfo
        const apps = Array.from({ length: 1000 }, (_, n) => ({
          ...{ id: `a${n}`, name: `a${n}`, maintenance: false, state: 'up' as const },
          hostnames: Array.from({ length: 5 }, (_, name) => `${name}.a${n}.test`),
          dynos: [{ id: `d${n}`, name: 'web.1', host: '127.0.0.1', port: dynoPort }],
        }))
        await control.apply({ revision: 2, apps })
        const idle: Socket[] = []
        while (idle.length < 10_000) {
          const some = Array.from({ length: 250 }, () => connect(port, '127.0.0.1').on('error', () => {}))
          await Promise.all(some.map((socket) => once(socket, 'connect')))
          idle.push(...some)
        }
        const connections = async () => (await control.status()).connections
        await eventually(async () => (await connections()) >= 10_000, startMs)
        for (const name of ['0.a0.test', '4.a999.test']) expect(await ask(name)).toBe('200')
        expect(await ask('5.a999.test')).toBe('404')
        expect(idle.filter(({ destroyed }) => destroyed)).toEqual([])
        for (const socket of idle) socket.destroy()
        await eventually(async () => (await connections()) < 10, startMs)
      },
      4 * startMs,
    )

  test(
    'ends with the first one, which may be killed',
    async () => {
      const [, second] = await processes(2)
      router.kill('SIGKILL')
      await eventually(() => !isAlive(second as number), startMs)
    },
    startMs,
  )
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('how many processes there are', () => {
  const bounds = { min: 1, max: 4, quiet: 0 }

  test('grows with the work, up to one a core', () => {
    expect(judgeWorkers({ ...bounds, wanted: 1, busy: [0.9] }).change).toBe(1)
    expect(judgeWorkers({ ...bounds, wanted: 2, busy: [0.9, 0.3] }).change).toBe(0)
    expect(judgeWorkers({ ...bounds, wanted: 4, busy: [1, 1, 1, 1] }).change).toBe(0)
    expect(judgeWorkers({ ...bounds, max: 1, wanted: 1, busy: [1] }).change).toBe(0)
  })

  test('shrinks after five minutes in which fewer would have done, never below what was asked for', () => {
    let quiet = 0
    for (let look = 1; look < 60; look++) {
      const judged = judgeWorkers({ ...bounds, quiet, wanted: 2, busy: [0.1, 0.1] })
      expect(judged.change).toBe(0)
      quiet = judged.quiet
    }
    expect(judgeWorkers({ ...bounds, quiet, wanted: 2, busy: [0.1, 0.1] }).change).toBe(-1)
    expect(judgeWorkers({ ...bounds, quiet, wanted: 2, busy: [0.5, 0.1] })).toEqual({ change: 0, quiet: 0 })
    expect(judgeWorkers({ ...bounds, quiet, min: 2, wanted: 2, busy: [0, 0] }).change).toBe(0)
  })
})

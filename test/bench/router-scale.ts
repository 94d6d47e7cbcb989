// npm run bench -- router-scale: what a thousand apps with five thousand domains, and ten thousand idle connections, cost the
// router: how long a change of one app takes, what requests feel meanwhile, and the memory of a connection that does nothing.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RoutedApp, RouterControl } from '../../agent/core/ports/routing/router-control.ts'
import { openRouterControl } from '../../agent/router/control/control-client.ts'
import { root } from '../tooling/repository.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, percentile, round } from './figures/statistics.ts'
import { loadHttp } from './load/http-load.ts'
import { openOrigin } from './proxies/origin-process.ts'
import { findPort, startProxy } from './proxies/proxy.ts'

const appCount = 1000
const hostnamesPerApp = 5
const changes = 200
const idleCount = 10_000
const connections = 32
const seconds = 3

interface Scene {
  readonly port: number
  readonly originPort: number
  readonly control: RouterControl
  residentMb(): number
  /** Of requests to this host name, the median of a few runs. */
  p99(host: string): Promise<number>
}

export async function bench(context: BenchContext): Promise<Figures> {
  const scene = await openScene(context)
  const apps = Array.from({ length: appCount }, (_, index) => makeApp(index, scene.originPort))
  return {
    ...(await measureTable(scene, apps, context)),
    ...(await measureChanges(scene, apps, context)),
    ...(await measureIdle(scene, context)),
    n: context.runs ?? 3,
  }
}

async function openScene({ runs, signal, onEnd }: BenchContext): Promise<Scene> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-bench-'))
  onEnd(() => rm(folder, { recursive: true, force: true }))
  const origin = await openOrigin()
  onEnd(() => origin.close())
  const port = await findPort()
  const places = ['--run', folder, '--router-directory', folder, '--router-port', String(port)]
  const command = [process.execPath, `${root}/dist/agent/agent.mjs`, 'router', '--runner', 'process', ...places]
  const router = startProxy(command, { port })
  onEnd(() => router.close())
  const control = openRouterControl({ controlPath: path.join(folder, 'control.sock') })
  onEnd(() => control.close())
  const p99 = async (host: string) => {
    const load = { port, host, path: '/1k', connections, seconds }
    const results: number[] = []
    for (let run = 0; run < (runs ?? 3); run++) results.push((await loadHttp(load, signal)).p99Ms)
    return median(results)
  }
  return { port, originPort: origin.port, control, residentMb: () => router.residentMb(), p99 }
}

async function measureTable({ control, p99 }: Scene, apps: readonly RoutedApp[], { say }: BenchContext) {
  const first = hostnameOf(0, 0)
  await control.apply({ revision: nextRevision(), apps: apps.slice(0, 1) })
  await p99(first) // A compiler has to do its work.
  const one = await p99(first)
  const started = performance.now()
  await control.apply({ revision: nextRevision(), apps })
  const table = performance.now() - started
  const all = await p99(hostnameOf(appCount - 1, hostnamesPerApp - 1))
  say(`p99 with one app ${round(one)} ms, with ${appCount} ${round(all)} ms; all told in ${round(table)} ms`)
  return { one_app_p99_ms: round(one), thousand_apps_p99_ms: round(all), table_of_thousand_apps_ms: round(table) }
}

async function measureChanges({ control, originPort, p99 }: Scene, apps: RoutedApp[], { say }: BenchContext) {
  const change = async (index: number) => {
    apps[index] = makeApp(index, originPort)
    const started = performance.now()
    await control.apply({ revision: nextRevision(), apps: [...apps] })
    return performance.now() - started
  }
  const durations: number[] = []
  for (let index = 0; index < changes; index++) durations.push(await change(index))
  let isOver = false
  const changing = (async () => {
    for (let index = 0; !isOver; index = (index + 1) % appCount) {
      await change(index)
      await sleep(100)
    }
  })()
  const felt = await p99(hostnameOf(7, 0))
  isOver = true
  await changing
  say(`a change of one app takes ${round(median(durations))} ms; p99 with ten changes a second ${round(felt)} ms`)
  return {
    change_p50_ms: round(median(durations)),
    change_p99_ms: round(percentile(durations, 99)),
    ten_changes_per_s_p99_ms: round(felt),
  }
}

async function measureIdle({ port, residentMb, p99 }: Scene, { say, onEnd }: BenchContext) {
  const before = residentMb()
  const idle = await openIdle(port, idleCount)
  onEnd(() => {
    for (const socket of idle) socket.destroy()
  })
  const idleKb = ((residentMb() - before) * 1000) / idleCount
  const beside = await p99(hostnameOf(7, 0))
  say(`${idleCount} idle connections take ${round(idleKb)} KB each; p99 beside them ${round(beside)} ms`)
  return { idle_connection_kb: round(idleKb), ten_thousand_idle_p99_ms: round(beside) }
}

let revision = 0
const nextRevision = () => ++revision

const hostnameOf = (app: number, number: number) => `app-${app}-${number}.test`

const makeApp = (index: number, port: number): RoutedApp => ({
  id: `app-${index}`,
  name: `app-${index}`,
  hostnames: Array.from({ length: hostnamesPerApp }, (_, number) => hostnameOf(index, number)),
  maintenance: false,
  state: 'up',
  dynos: [{ id: `dyno-${index}`, name: 'web.1', host: '127.0.0.1', port }],
})

/** Connected, and silent: less than the minute that the router grants them. */
async function openIdle(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let opened = 0; opened < count; opened += 500) {
    const some = Array.from({ length: 500 }, () => connect(port, '127.0.0.1'))
    await Promise.all(some.map((socket) => once(socket, 'connect')))
    sockets.push(...some)
  }
  await sleep(1000)
  return sockets
}

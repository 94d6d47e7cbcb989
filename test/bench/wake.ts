// npm run bench -- wake: an app asleep on a test server, from a client's request until its whole answer. What runs is the
// product: router, agent, systemd. wake_served_* is the same request once it is awake.
import { bootHearthServer, fixture } from '../server/hearth-server.ts'
import { ask } from '../server/resilience/load.ts'
import { eventually } from '../servers/index.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { summarize } from './figures/statistics.ts'

const app = 'sleeper'

export async function bench({ runs, say, onEnd }: BenchContext): Promise<Figures> {
  const hearth = await bootHearthServer()
  onEnd(() => hearth[Symbol.asyncDispose]())
  const { desktop, server } = hearth
  await desktop.deploy(app, fixture('node-hello'))
  await desktop.setSettings('sleepLookMs=100')
  await desktop.calls['dynoSettings.update']({ ...desktop.of(app), update: { sleep_after_seconds: 5 } })
  const isAsleep = async () => {
    const { stdout } = await server.exec(['systemctl', 'list-units', '--no-legend', 'hearth-dyno-*'])
    return stdout === ''
  }
  const get = async () => {
    const started = performance.now()
    const { status } = await ask({ host: server.host, port: 80, hostname: `${app}.localhost` })
    if (status !== 200) throw new Error(`The app answered with ${status}.`)
    return performance.now() - started
  }
  const [wakes, served]: [number[], number[]] = [[], []]
  for (let run = 0; run < (runs ?? 20); run += 1) {
    await eventually(isAsleep, 60_000, 'the app does not fall asleep')
    const wakeMs = await get()
    wakes.push(wakeMs)
    served.push(await get())
    say(`wake ${run + 1}: ${wakeMs.toFixed(0)} ms`)
  }
  return { ...summarize(wakes, 'ms'), ...summarize(served, 'ms', 'served') }
}

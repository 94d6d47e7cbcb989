// npm run bench -- neighbours: how long a live app's answers take, alone and while others on the server do their worst: a build,
// a dyno that takes all the memory it can, one that makes all the processes it may, one that writes to its disk and its log
// without end. p99_<what>_percent is what is added to the p99 of the app alone.
import { setTimeout as sleep } from 'node:timers/promises'
import { bootHearthServer, fixture, type HearthServer } from '../server/hearth-server.ts'
import type { LoadReport } from '../server/resilience/load.ts'
import { agentOf, runInApp } from '../server/security/run-in-app.ts'
import type { BenchContext, Figures } from './benchmark.ts'
import { measureApart } from './load-apart.ts'
import { median, round, spread } from './statistics.ts'

const [live, hostile] = ['live', 'hostile']
const perSecond = 100
const windowMs = 15_000

/** Each goes on until it is told to end. */
const neighbours: Record<string, (hearth: HearthServer, signal: AbortSignal) => Promise<unknown>> = {
  build: (hearth, signal) => repeat(signal, () => hearth.desktop.tryDeploy('builder', fixture('node-express-like'))),
  memory: (hearth, signal) =>
    repeat(signal, () => run(hearth, "node -e 'for (const all = []; ; ) all.push(Buffer.alloc(1e7, 1))'")),
  processes: (hearth, signal) => repeat(signal, () => run(hearth, ':(){ :|:& };: 2>/dev/null; sleep 5')),
  disk: (hearth, signal) => repeat(signal, () => run(hearth, 'head -c 3G /dev/zero >/app/fill; rm /app/fill')),
  log: (hearth, signal) => repeat(signal, () => writeLog(hearth, 5)),
}

export async function bench({ runs, say, signal, onEnd }: BenchContext): Promise<Figures> {
  const hearth = await bootHearthServer()
  onEnd(() => hearth[Symbol.asyncDispose]())
  for (const app of [live, hostile]) await hearth.desktop.deploy(app, fixture('node-hello'))
  const alone: LoadReport[] = []
  const beside = new Map(Object.keys(neighbours).map((name) => [name, [] as LoadReport[]]))
  for (let round = 1; round <= (runs ?? 3); round += 1) {
    // Alone again in each round: what else this machine does is then in both.
    alone.push(await measure(hearth))
    for (const [name, begin] of Object.entries(neighbours)) {
      signal.throwIfAborted()
      const end = new AbortController()
      const going = begin(hearth, end.signal)
      await sleep(1000)
      const report = await measure(hearth)
      end.abort()
      await going
      beside.get(name)?.push(report)
      say(`${name}: ${tell(report)}, alone: ${tell(alone.at(-1))}`)
    }
  }
  const base = p99Of(alone)
  return {
    alone_p50_ms: p50Of(alone),
    alone_p99_ms: base,
    alone_spread_percent: spread(alone.map(({ p99Ms }) => p99Ms)),
    ...Object.fromEntries(
      [...beside].flatMap(([name, reports]) => [
        [`${name}_p50_ms`, p50Of(reports)],
        [`${name}_p99_ms`, p99Of(reports)],
        [`${name}_added_percent`, round((100 * (p99Of(reports) - base)) / base)],
      ]),
    ),
    n: alone.length,
  }
}

const p50Of = (reports: readonly LoadReport[]) => median(reports.map(({ p50Ms }) => p50Ms))
const p99Of = (reports: readonly LoadReport[]) => median(reports.map(({ p99Ms }) => p99Ms))
const tell = (report?: LoadReport) => `p50 ${report?.p50Ms} ms and p99 ${report?.p99Ms} ms`

async function measure({ server }: HearthServer): Promise<LoadReport> {
  const target = { host: server.host, port: 80, hostname: `${live}.localhost` }
  const report = await measureApart({ target, perSecond, forMs: windowMs })
  if (report.failures.length > 0) throw new Error(`Requests failed: ${report.failures.slice(0, 3).join('; ')}`)
  return report
}

const run = ({ desktop }: HearthServer, command: string) => runInApp(desktop, hostile, command, 'small')

/** Not attached, so that what it writes goes to the app's log and not to who started it. */
async function writeLog({ desktop }: HearthServer, seconds: number): Promise<void> {
  await agentOf(desktop).call('createDyno', { app: hostile }, { command: `timeout ${seconds} yes` })
  await sleep(1000 * seconds)
}

async function repeat(signal: AbortSignal, act: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) await act().catch(() => sleep(100))
}

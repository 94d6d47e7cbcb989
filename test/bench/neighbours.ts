// npm run bench -- neighbours: how long a live app's answers take, alone and while others on the server do their worst: a build,
// a dyno that takes all the memory it can, one that makes all the processes it may, one that writes to its disk and its log
// without end. <what>_added_percent is what is added to the p99 of the app alone, just before. HEARTH_BENCH_ONLY=log,build picks some.
import { setTimeout as sleep } from 'node:timers/promises'
import { bootHearthServer, fixture, type HearthServer } from '../server/hearth-server.ts'
import type { LoadReport } from '../server/resilience/load.ts'
import { agentOf, runInApp } from '../server/security/run-in-app.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round, spread } from './figures/statistics.ts'
import { giveWay, measureApart } from './load/load-apart.ts'

const [live, hostile] = ['live', 'hostile']
const perSecond = 100
const windowMs = 15_000
const only = process.env.HEARTH_BENCH_ONLY?.split(',')

/** Each goes on until it is told to end. */
const neighbours: Record<string, (hearth: HearthServer, signal: AbortSignal) => Promise<unknown>> = {
  build: (hearth, signal) => repeat(signal, () => hearth.desktop.tryDeploy('builder', fixture('node-express-like'))),
  memory: (hearth, signal) =>
    repeat(signal, () => run(hearth, "node -e 'for (const all = []; ; ) all.push(Buffer.alloc(1e7, 1))'")),
  processes: (hearth, signal) => repeat(signal, () => run(hearth, ':(){ :|:& };: 2>/dev/null; sleep 5')),
  disk: (hearth, signal) => repeat(signal, () => run(hearth, 'head -c 3G /dev/zero >/app/fill; rm /app/fill')),
  log: (hearth) => writeLog(hearth, windowMs / 1000 + 2),
}

export async function bench({ runs, say, signal, onEnd }: BenchContext): Promise<Figures> {
  const hearth = await bootHearthServer()
  onEnd(() => hearth[Symbol.asyncDispose]())
  for (const app of [live, hostile]) await hearth.desktop.deploy(app, fixture('node-hello'))
  onEnd(giveWay())
  const wanted = Object.entries(neighbours).filter(([name]) => only?.includes(name) ?? true)
  const seen = new Map(wanted.map(([name]) => [name, [] as Pair[]]))
  for (let round = 1; round <= (runs ?? 3); round += 1) {
    for (const [name, begin] of wanted) {
      signal.throwIfAborted()
      // Alone just before: what else this machine does is then in both.
      const alone = await measure(hearth)
      const end = new AbortController()
      const going = begin(hearth, end.signal)
      await sleep(1000)
      const beside = await measure(hearth)
      end.abort()
      await going
      seen.get(name)?.push({ alone, beside })
      say(`${name}: ${tell(beside)}, alone: ${tell(alone)}`)
    }
  }
  const all = [...seen.values()].flat().map(({ alone }) => alone)
  return {
    alone_p50_ms: p50Of(all),
    alone_p99_ms: p99Of(all),
    alone_spread_percent: spread(all.map(({ p99Ms }) => p99Ms)),
    ...Object.assign({}, ...[...seen].map(([name, pairs]) => nameFigures(name, pairs))),
    n: all.length,
  }
}

interface Pair {
  readonly alone: LoadReport
  readonly beside: LoadReport
}

function nameFigures(name: string, pairs: readonly Pair[]): Figures {
  const beside = pairs.map((pair) => pair.beside)
  const added = pairs.map(({ alone, beside: { p99Ms } }) => (100 * (p99Ms - alone.p99Ms)) / alone.p99Ms)
  return {
    [`${name}_p50_ms`]: p50Of(beside),
    [`${name}_p99_ms`]: p99Of(beside),
    [`${name}_added_percent`]: round(median(added)),
  }
}

const p50Of = (reports: readonly LoadReport[]) => median(reports.map(({ p50Ms }) => p50Ms))
const p99Of = (reports: readonly LoadReport[]) => median(reports.map(({ p99Ms }) => p99Ms))
const tell = ({ p50Ms, p99Ms }: LoadReport) => `p50 ${p50Ms} ms and p99 ${p99Ms} ms`

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

// npm run bench -- boot: a hello-world Node dyno on a test server, from the order to start until the first byte.
import { bootDynoServer, runInside } from '../server/dynos/dyno-server.ts'
import type { BenchContext, Figures } from './benchmark.ts'
import { summarize } from './statistics.ts'

export async function bench({ runs, say, onEnd }: BenchContext): Promise<Figures> {
  const server = await bootDynoServer()
  onEnd(() => server.destroy())
  const boots = await runInside<{ ms: number; runningMs: number }>(server, 'boots', String(runs ?? 50))
  for (const [at, { ms, runningMs }] of boots.entries())
    say(`boot ${at + 1}: ${ms.toFixed(0)} ms, ${runningMs.toFixed(0)} of them until its command ran`)
  const totals = boots.map(({ ms }) => ms)
  const starts = boots.map(({ runningMs }) => runningMs)
  return { ...summarize(starts, 'ms', 'running'), ...summarize(totals, 'ms') }
}

// npm run bench -- dyno-logs: lines of 100 bytes from a dyno on a test server through its app's log to a reader there.
import { bootDynoServer, runInside } from '../server/dynos/dyno-server.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round } from './figures/statistics.ts'

const lines = 500_000

export async function bench({ runs, say, onEnd }: BenchContext): Promise<Figures> {
  const server = await bootDynoServer()
  onEnd(() => server.destroy())
  const speeds: number[] = []
  for (let run = 0; run < (runs ?? 5); run++) {
    const [figures] = await runInside<{ linesPerSecond: number; read: number }>(server, 'flood', String(lines))
    if (!figures) throw new Error('The dyno wrote nothing.')
    // A reader that falls behind is told what it lost; a figure with a loss would be no figure.
    if (figures.read < lines) throw new Error(`${lines - figures.read} of ${lines} lines did not arrive.`)
    speeds.push(figures.linesPerSecond)
    say(`run ${run + 1}: ${figures.linesPerSecond} lines a second`)
  }
  return { p50_lines_per_s: round(median(speeds)), min_lines_per_s: round(Math.min(...speeds)), n: speeds.length }
}

// How often one request is answered, alone and among many.
import type { BenchContext, Figures } from '../figures/benchmark.ts'
import { percentile, round } from '../figures/statistics.ts'

export const parallel = 32
const seconds = 3

/** Alone for a second, then `parallel` at once; `busy` figures are of the latter. */
export async function measureRequest(
  name: string,
  ask: () => Promise<void>,
  { runs, say, signal }: BenchContext,
): Promise<Figures> {
  const alone = await askFor(ask, { parallel: 1, seconds: 1, signal })
  const samples = await askFor(ask, { parallel, seconds: runs ?? seconds, signal })
  const perSecond = samples.length / (runs ?? seconds)
  const figures = {
    [`${name}_p50_ms`]: round(percentile(alone, 50)),
    [`${name}_p99_ms`]: round(percentile(alone, 99)),
    [`${name}_busy_p99_ms`]: round(percentile(samples, 99)),
    [`${name}_per_s`]: round(perSecond),
  }
  say(`${name}: ${round(perSecond)} a second with ${parallel} at once, alone ${figures[`${name}_p50_ms`]} ms`)
  return figures
}

/** The milliseconds of each request, as many as are answered in that time. */
async function askFor(
  ask: () => Promise<void>,
  options: { parallel: number; seconds: number; signal: AbortSignal },
): Promise<number[]> {
  const samples: number[] = []
  const end = performance.now() + options.seconds * 1000
  const askOnAndOn = async () => {
    while (performance.now() < end) {
      options.signal.throwIfAborted()
      const start = performance.now()
      await ask()
      samples.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, askOnAndOn))
  return samples
}

// Figures from samples. No averages: a benchmark's story is its middle and its tail.

export interface Distribution {
  [figure: string]: number
  n: number
}

/** The nearest-rank percentile: always one of the samples, so that no figure was never measured. */
export function percentile(samples: number[], percent: number): number {
  if (samples.length === 0) throw new Error('There are no samples to take a percentile of.')
  const sorted = samples.toSorted((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  return sorted[rank - 1] as number
}

export function median(samples: number[]): number {
  return percentile(samples, 50)
}

/** `summarize([...], 'ms')` is `{ p50_ms, p95_ms, min_ms, max_ms, n }`; a prefix tells two distributions apart. */
export function summarize(samples: number[], unit: string, prefix = ''): Distribution {
  const figure = (name: string) => `${prefix === '' ? '' : `${prefix}_`}${name}_${unit}`
  return {
    [figure('p50')]: round(median(samples)),
    [figure('p95')]: round(percentile(samples, 95)),
    [figure('min')]: round(percentile(samples, 0)),
    [figure('max')]: round(percentile(samples, 100)),
    n: samples.length,
  }
}

/** Three significant digits, but never less than whole numbers: more would be noise. */
export function round(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`${value} is not a figure.`)
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}

/** How far apart the same figure was over several rounds: half its range, in percent of its median. */
export function spread(values: number[]): number {
  const middle = median(values)
  if (middle === 0) return 0
  return round((50 * (Math.max(...values) - Math.min(...values))) / Math.abs(middle))
}

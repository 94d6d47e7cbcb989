// What a benchmark is: a file test/bench/<name>.ts that exports `bench`.

export interface BenchContext {
  /** How many times to measure; a benchmark's own default when the command line says nothing. */
  runs: number | null
  /** Progress, for people: on stderr, since stdout is the result's. */
  say(line: string): void
  /** Aborted on Ctrl-C; close servers and agents then. */
  signal: AbortSignal
  /** Called in reverse order when the benchmark ends, however it ends. */
  onEnd(close: () => unknown): void
}

/** Figures by name, each name ending in its unit: `p50_ms`, `sent_bytes`, `lines_per_s`, `resident_mb`; `n` is a count. */
export type Figures = Record<string, number>

export type Bench = (context: BenchContext) => Promise<Figures>

export interface BenchResult {
  name: string
  commit: string
  machine: string
  figures: Figures
}

const units = ['us', 'ms', 's', 'bytes', 'kb', 'mb', 'percent', 'per_s', 'count', 'x']

/** A figure without its unit cannot be compared with anything, so it is refused. */
export function checkFigures(name: string, figures: Figures): void {
  if (Object.keys(figures).length === 0) throw new Error(`The benchmark ${name} measured nothing.`)
  for (const [figure, value] of Object.entries(figures)) {
    const hasUnit = figure === 'n' || units.some((unit) => figure.endsWith(`_${unit}`))
    if (!hasUnit) throw new Error(`The figure ${figure} of ${name} does not end in a unit (${units.join(', ')}).`)
    if (!Number.isFinite(value)) throw new Error(`The figure ${figure} of ${name} is ${value}.`)
  }
}

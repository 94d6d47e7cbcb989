// npm run bench -- NAME [--json] [--runs N] [--rounds N]: runs test/bench/NAME.ts. With --json stdout is one object and
// nothing else (npm itself prints two lines first unless it runs with --silent).
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Bench, type BenchContext, type BenchResult, checkFigures, type Figures } from './figures/benchmark.ts'
import { describeMachine, readCommit } from './figures/machine.ts'
import { formatTable, mergeRounds } from './figures/report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, runs: { type: 'string' }, rounds: { type: 'string' } },
})
const [name] = positionals
const names = listBenchmarks()
if (name === undefined || !names.includes(name)) {
  const known = names.length > 0 ? `There are: ${names.join(', ')}.` : 'There are none yet.'
  console.error(`${name === undefined ? 'Name a benchmark' : `There is no benchmark ${name}`}. ${known}`)
  console.error('Usage: npm run bench -- NAME [--json] [--runs N] [--rounds N]')
  process.exit(2)
}
const rounds = await measure(name, toCount(values.rounds) ?? 1)
const result: BenchResult = { name, commit: readCommit(), machine: describeMachine(), figures: mergeRounds(rounds) }
process.stdout.write(`${values.json ? JSON.stringify(result) : formatTable(result, rounds)}\n`)

/** Files that export `bench`; the others here are what benchmarks share. */
function listBenchmarks(): string[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts'))
  const isBenchmark = (file: string) =>
    /^export (async function|const) bench\b/m.test(readFileSync(path.join(import.meta.dirname, file), 'utf8'))
  return files.filter(isBenchmark).map((file) => path.basename(file, '.ts'))
}

async function measure(benchmark: string, times: number): Promise<Figures[]> {
  const { bench } = (await import(`./${benchmark}.ts`)) as { bench: Bench }
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new Error('interrupted')))
  const results: Figures[] = []
  for (let round = 1; round <= times; round += 1) {
    if (times > 1) console.error(`round ${round} of ${times}`)
    const figures = await runOnce(bench, stop.signal)
    checkFigures(benchmark, figures)
    results.push(figures)
  }
  return results
}

async function runOnce(bench: Bench, signal: AbortSignal): Promise<Figures> {
  const closers: (() => unknown)[] = []
  const context: BenchContext = {
    runs: toCount(values.runs),
    say: (line) => console.error(line),
    signal,
    onEnd: (close) => closers.push(close),
  }
  try {
    return await bench(context)
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

function toCount(text: string | undefined): number | null {
  if (text === undefined) return null
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`${text} is not a number of times.`)
  return number
}

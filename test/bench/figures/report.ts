// One benchmark's result for a person: a table with the middle of all rounds and how far apart they were.
import type { BenchResult } from './benchmark.ts'
import { median, round, spread } from './statistics.ts'

export function formatTable({ name, commit, machine }: BenchResult, rounds: Record<string, number>[]): string {
  const names = Object.keys(rounds[0] ?? {})
  const rows = names.map((figure) =>
    formatRow(
      figure,
      rounds.map((one) => one[figure] ?? Number.NaN),
    ),
  )
  const header = ['figure', 'median', rounds.length > 1 ? `spread of ${rounds.length}` : 'spread']
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)))
  const lines = [header, ...rows].map(([first = '', ...rest]) =>
    [first.padEnd(widths[0] ?? 0), ...rest.map((cell, at) => cell.padStart(widths[at + 1] ?? 0))].join('   '),
  )
  return [`${name} at ${commit} on ${machine}`, '', ...lines].join('\n')
}

function formatRow(figure: string, values: number[]): string[] {
  return [figure, String(round(median(values))), values.length > 1 ? `± ${spread(values)} %` : 'one round']
}

/** The middle of each figure over the rounds. */
export function mergeRounds(rounds: Record<string, number>[]): Record<string, number> {
  const names = Object.keys(rounds[0] ?? {})
  return Object.fromEntries(
    names.map((figure) => [figure, round(median(rounds.map((one) => one[figure] ?? Number.NaN)))]),
  )
}

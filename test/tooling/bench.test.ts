import { expect, test } from 'vitest'
import { checkFigures } from '../bench/figures/benchmark.ts'
import { describeMachine, readCommit } from '../bench/figures/machine.ts'
import { formatTable, mergeRounds } from '../bench/figures/report.ts'
import { median, percentile, round, spread, summarize } from '../bench/figures/statistics.ts'

test('a percentile is always one of the samples', () => {
  const samples = [40, 10, 30, 20]
  expect([0, 25, 26, 50, 75, 95, 100].map((percent) => percentile(samples, percent))).toEqual([
    10, 10, 20, 20, 30, 40, 40,
  ])
  expect(percentile([7], 95)).toBe(7)
  expect(() => percentile([], 50)).toThrow('no samples')
})

test('the 95th of 20 samples is the second largest', () => {
  const samples = Array.from({ length: 20 }, (_, at) => at + 1)
  expect(percentile(samples, 95)).toBe(19)
  expect(median(samples)).toBe(10)
})

test('samples keep their order', () => {
  const samples = [3, 1, 2]
  percentile(samples, 50)
  expect(samples).toEqual([3, 1, 2])
})

test('a summary names the unit of every figure', () => {
  expect(summarize([80.123, 81, 95.5], 'ms')).toEqual({ p50_ms: 81, p95_ms: 95.5, min_ms: 80.1, max_ms: 95.5, n: 3 })
  expect(Object.keys(summarize([1], 'ms', 'boot'))).toEqual([
    'boot_p50_ms',
    'boot_p95_ms',
    'boot_min_ms',
    'boot_max_ms',
    'n',
  ])
})

test.each([
  [0.012345, 0.0123],
  [1.005, 1.0],
  [99.94, 99.9],
  [12_345.6, 12_346],
  [-250.4, -250],
  [0, 0],
])('%d is given as %d', (value, expected) => {
  expect(round(value)).toBe(expected)
})

test('a figure that is not a number is refused', () => {
  expect(() => round(Number.NaN)).toThrow('not a figure')
  expect(() => checkFigures('boot', { p50_ms: Number.POSITIVE_INFINITY })).toThrow('p50_ms')
})

test('a figure without its unit is refused', () => {
  expect(() => checkFigures('boot', { p50: 80 })).toThrow('does not end in a unit')
  expect(() => checkFigures('boot', {})).toThrow('measured nothing')
  expect(checkFigures('logs', { lines_per_s: 50_000, resident_mb: 90, n: 3 })).toBeUndefined()
})

test('the spread of rounds is half their range in percent of the median', () => {
  expect(spread([90, 100, 110])).toBe(10)
  expect(spread([5, 5])).toBe(0)
  expect(spread([0, 0])).toBe(0)
})

test('rounds are merged by their medians and shown with their spread', () => {
  const rounds = [{ p50_ms: 80 }, { p50_ms: 100 }, { p50_ms: 90 }]
  expect(mergeRounds(rounds)).toEqual({ p50_ms: 90 })
  const table = formatTable({ name: 'boot', commit: 'abc', machine: 'a machine', figures: {} }, rounds)
  expect(table).toBe('boot at abc on a machine\n\nfigure   median   spread of 3\np50_ms       90      ± 11.1 %')
})

test('the machine is described without its name, the commit by its digits', () => {
  expect(describeMachine()).toMatch(/\d+ cores, \d+ GB, .+ node \d+/)
  expect(readCommit()).toMatch(/^([0-9a-f]{12}\+?|unknown)$/)
})

import { describe, expect, it, test } from 'vitest'
import type { AppMetrics } from '../../electron/bridge/contract.ts'
import { dynoMemoryChart, requestsChart, withReleases } from '../../renderer/components/chart/metric-charts.ts'
import { plotData, plotOptions } from '../../renderer/components/chart/plot-options.ts'
import { formatFigure } from '../../renderer/lib/metrics/figure.ts'
import { rateBetween } from '../../renderer/lib/metrics/rate.ts'
import { findLonely, largest, stackUp, stepTimes, summarize } from '../../renderer/lib/metrics/series.ts'

test('the steps of a series begin one after the other', () => {
  expect(stepTimes('1970-01-01T00:01:40.000Z', 10, 3)).toEqual([100, 110, 120])
})

describe('layers on top of each other', () => {
  it('add up, and a gap stays a gap', () => {
    const layers = [
      [1, 2, null],
      [1, 0, null],
    ]
    expect(stackUp(layers)).toEqual([
      [1, 2, null],
      [2, 2, null],
    ])
  })

  it('do not lose what is below where only one is not known', () => {
    expect(stackUp([[1], [null], [2]])).toEqual([[1], [null], [3]])
  })
})

test('a chart marks the releases of its time, but none that failed', () => {
  const at = (second: number, version: number, status: string) =>
    ({
      version,
      description: `Deploy ${version}`,
      createdAt: new Date(second * 1000).toISOString(),
      release: { status },
    }) as never
  const chart = { title: 'Memory', unit: 'bytes', times: [100, 110, 120], series: [] } as const
  const releases = [at(115, 3, 'succeeded'), at(112, 2, 'failed'), at(90, 1, 'succeeded')]
  expect(withReleases(chart, releases).marks).toEqual([{ label: 'v3', description: 'Deploy 3', time: 115 }])
})

test('what has no neighbour is found, for no line shows it', () => {
  expect(findLonely([1, null, 2, 3, null, 4])).toEqual([0, 5])
  expect(findLonely([null, null])).toEqual([])
})

test('a summary leaves out what is not known', () => {
  expect(summarize([null, 2, 4, null])).toEqual({ last: 4, average: 3, highest: 4 })
  expect(summarize([null])).toBeNull()
})

test('of many the highest are kept, in their order', () => {
  const items = [[1], [9], [null], [5]]
  expect(largest(items, (item) => item, 2)).toEqual([[9], [5]])
  expect(largest(items, (item) => item, 9)).toBe(items)
})

test.each([
  ['rate', 0, '0/s'],
  ['rate', 0.034, '0.03/s'],
  ['rate', 1284, '1,284/s'],
  ['time', 4.26, '4.3 ms'],
  ['time', 1500, '1.5 s'],
  ['cores', 0.5, '50 %'],
  ['cores', 0.004, '0.4 %'],
  ['bytes', 512 * 1024 ** 2, '512 MB'],
] as const)('a figure reads well: %s of %s', (unit, value, text) => {
  expect(formatFigure(unit, value)).toBe(text)
})

test('a rate is what was added, and nothing is said where the count began anew', () => {
  const at = (second: number) => new Date(second * 1000).toISOString()
  expect(rateBetween({ total: 10, at: at(0) }, { total: 30, at: at(4) })).toBe(5)
  expect(rateBetween(null, { total: 30, at: at(4) })).toBeNull()
  expect(rateBetween({ total: 30, at: at(0) }, { total: 3, at: at(4) })).toBeNull()
  expect(rateBetween({ total: 3, at: at(4) }, { total: 30, at: at(4) })).toBeNull()
})

const dyno = { name: 'web.1', memory_limit_bytes: 400, memory_bytes: [100, 300], cpu: [0.1, null] }
const metrics: AppMetrics = {
  span: '1h',
  start_at: '2026-01-01T00:00:00.000Z',
  step_seconds: 10,
  requests: { '1xx': [0, 0], '2xx': [1, 2], '3xx': [0, 0], '4xx': [1, null], '5xx': [0, 1] },
  response_time: { p50: [1, 1], p95: [2, 2], p99: [3, 3] },
  dynos: [dyno, { ...dyno, name: 'worker.1', memory_limit_bytes: 800 }],
}
const place = { width: 300, height: 100, colorOf: () => '#102030' }

describe('the chart of requests', () => {
  it('is a stack, with websockets only where there were any', () => {
    const chart = requestsChart(metrics)
    expect(chart.series.map(({ label }) => label)).toEqual(['2xx', '3xx', '4xx', '5xx'])
    expect(plotData(chart).slice(1)).toEqual([
      [1, 2],
      [1, 2],
      [2, null],
      [2, 3],
    ])
    const withSockets = requestsChart({ ...metrics, requests: { ...metrics.requests, '1xx': [0, 1] } })
    expect(withSockets.series.at(-1)?.label).toBe('websockets')
  })

  it('fills each layer down to the one below', () => {
    const { bands, series } = plotOptions(requestsChart(metrics), place)
    expect(bands?.map((band) => band.series)).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
    ])
    expect(series).toHaveLength(5)
  })
})

describe('the chart of memory', () => {
  const chart = dynoMemoryChart(metrics)
  const topOf = (highest: number | null) => {
    const range = plotOptions(chart, place).scales?.y?.range
    return typeof range === 'function' ? range({} as never, 0, highest ?? 0, 'y')[1] : undefined
  }

  it('has a line for each limit that dynos have', () => {
    expect(chart.limits).toEqual([
      { label: 'limit 400 B', value: 400 },
      { label: 'limit 800 B', value: 800 },
    ])
  })

  it('keeps the limit in sight, and what is above it too', () => {
    expect(topOf(300)).toBeGreaterThan(800)
    expect(topOf(2000)).toBeGreaterThan(2000)
  })

  it('shows the eight that take most of many, and says so', () => {
    const dynos = Array.from({ length: 20 }, (_, index) => ({
      ...dyno,
      name: `web.${index + 1}`,
      memory_bytes: [index, index],
    }))
    const { series, hint } = dynoMemoryChart({ ...metrics, dynos })
    expect(series.map(({ label }) => label)).toEqual([13, 14, 15, 16, 17, 18, 19, 20].map((number) => `web.${number}`))
    expect(hint).toBe('the 8 largest of 20 dynos')
  })
})

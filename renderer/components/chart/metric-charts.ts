import type { AppMetrics, LedgerRelease, MetricsSpan, ServerMetrics } from '../../../electron/bridge/contract.ts'
import { formatBytes } from '../../lib/format.ts'
import { hasAny, largest, stepTimes } from '../../lib/metrics/series.ts'
import type { Chart } from './chart.ts'

type Traffic = Pick<AppMetrics, 'start_at' | 'step_seconds' | 'requests' | 'response_time'>
type Dyno = AppMetrics['dynos'][number]

const classColors = {
  '2xx': '--h-ok',
  '3xx': '--h-info',
  '4xx': '--h-warn',
  '5xx': '--h-bad',
  '1xx': '--h-dim',
} as const

/** As many as eight colours can be told apart. */
const shownDynos = 8
const dynoColor = (index: number) => `--h-series-${(index % shownDynos) + 1}`

const timesOf = ({ start_at, step_seconds, requests }: Traffic) =>
  stepTimes(start_at, step_seconds, requests['2xx'].length)

/** A class that most apps never answer with is only there when it was. */
export function requestsChart(metrics: Traffic): Chart {
  const classes = (['2xx', '3xx', '4xx', '5xx', '1xx'] as const).filter(
    (name) => name !== '1xx' || hasAny(metrics.requests[name]),
  )
  return {
    title: 'Requests by status',
    hint: 'a second',
    unit: 'rate',
    isStacked: true,
    times: timesOf(metrics),
    series: classes.map((name) => ({
      label: name === '1xx' ? 'websockets' : name,
      values: metrics.requests[name],
      color: classColors[name],
    })),
  }
}

export function responseTimeChart(metrics: Traffic): Chart {
  const { p50, p95, p99 } = metrics.response_time
  return {
    title: 'Response time',
    hint: 'of half, 95 % and 99 %',
    unit: 'time',
    times: timesOf(metrics),
    series: [
      { label: 'p50', values: p50, color: '--h-series-1' },
      { label: 'p95', values: p95, color: '--h-series-2' },
      { label: 'p99', values: p99, color: '--h-series-5' },
    ],
  }
}

export function dynoMemoryChart(metrics: AppMetrics): Chart {
  const shown = largest(metrics.dynos, ({ memory_bytes }) => memory_bytes, shownDynos)
  const limits = new Set(shown.flatMap(({ memory_limit_bytes }) => memory_limit_bytes ?? []))
  return {
    title: 'Memory',
    ...hintOf(metrics.dynos, shown),
    unit: 'bytes',
    times: timesOf(metrics),
    series: shown.map((dyno, index) => ({ label: dyno.name, values: dyno.memory_bytes, color: dynoColor(index) })),
    limits: [...limits].map((value) => ({ label: `limit ${formatBytes(value)}`, value })),
  }
}

/** Dynos share the cores of their server: 100 % is one of them. */
export function dynoCpuChart(metrics: AppMetrics, cores: number | null): Chart {
  const shown = largest(metrics.dynos, ({ cpu }) => cpu, shownDynos)
  const { hint } = hintOf(metrics.dynos, shown)
  return {
    title: 'CPU',
    hint: hint ?? (cores === null ? '100 % is one core' : `100 % is one core of ${cores}`),
    unit: 'cores',
    times: timesOf(metrics),
    series: shown.map((dyno, index) => ({ label: dyno.name, values: dyno.cpu, color: dynoColor(index) })),
  }
}

function hintOf(all: readonly Dyno[], shown: readonly Dyno[]): { hint?: string } {
  return shown.length < all.length ? { hint: `the ${shown.length} largest of ${all.length} dynos` } : {}
}

export function serverCharts(metrics: ServerMetrics): { memory: Chart; cpu: Chart } {
  const times = timesOf(metrics)
  const { memory, cpu } = metrics
  return {
    memory: {
      title: 'Memory',
      unit: 'bytes',
      times,
      series: [{ label: 'used', values: memory.used_bytes, color: '--h-series-1' }],
      limits:
        memory.total_bytes === null ? [] : [{ label: formatBytes(memory.total_bytes), value: memory.total_bytes }],
    },
    cpu: {
      title: 'CPU',
      ...(cpu.cores !== null && { hint: `100 % is one core of ${cpu.cores}` }),
      unit: 'cores',
      times,
      series: [{ label: 'used', values: cpu.used, color: '--h-series-2' }],
      limits: cpu.cores === null ? [] : [{ label: `all ${cpu.cores} cores`, value: cpu.cores }],
    },
  }
}

/** What stands where nothing was recorded. */
export function describeNothing(span: MetricsSpan): string {
  const first = { '1h': 'ten seconds', '24h': 'two minutes', '7d': 'a quarter of an hour' }[span]
  return `Nothing recorded yet. The first point is here ${first} after the agent begins.`
}

/** Which release came when, beside what it changed. One that failed served nobody. */
export function withReleases(chart: Chart, releases: readonly LedgerRelease[]): Chart {
  const from = chart.times[0] ?? 0
  const marks = releases
    .filter(({ release }) => release?.status !== 'failed')
    .map(({ version, description, createdAt }) => ({
      label: `v${version}`,
      description,
      time: Date.parse(createdAt) / 1000,
    }))
  return { ...chart, marks: marks.filter(({ time }) => time >= from) }
}

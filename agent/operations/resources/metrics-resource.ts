import { HearthError } from '../../contract/errors.ts'
import { type AppMetrics, type DiskUse, metricsSpan, type ServerMetrics } from '../../contract/metrics.ts'
import type { Sample } from '../../core/metrics/sample.ts'
import {
  dynoSeries,
  fillIdle,
  requestRates,
  responseTimes,
  spreadSamples,
  stepsUntil,
} from '../../core/metrics/series.ts'
import { stepAt, type Tier, tierOf } from '../../core/metrics/tier.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

export function appMetricsResource(context: Context, app: AppRow, span: string): AppMetrics {
  const tier = findTier(span)
  const { steps, read } = openSpan(context, tier)
  const existsFrom = stepAt(Date.parse(app.createdAt), tier) - steps.from
  const samples = fillIdle(read(app.id), read(null), existsFrom)
  return {
    ...trafficOf(tier, steps.from, samples),
    dynos: dynoSeries(samples).map((dyno) => ({
      name: dyno.name,
      memory_limit_bytes: dyno.memoryLimitBytes,
      memory_bytes: dyno.memoryBytes,
      cpu: dyno.cpu,
    })),
  }
}

export function serverMetricsResource(context: Context, span: string): ServerMetrics {
  const tier = findTier(span)
  const { steps, read } = openSpan(context, tier)
  const samples = read(null)
  const machines = samples.map((sample) => sample?.machine ?? null)
  const newest = machines.findLast((machine) => machine !== null)
  return {
    ...trafficOf(tier, steps.from, samples),
    memory: {
      total_bytes: newest?.memoryTotalBytes ?? null,
      used_bytes: machines.map((machine) => machine?.memoryBytes ?? null),
    },
    cpu: { cores: newest?.cores ?? null, used: machines.map((machine) => machine?.cpu ?? null) },
    disk: {
      total_bytes: newest?.diskTotalBytes ?? null,
      used_bytes: machines.map((machine) => machine?.diskBytes ?? null),
    },
  }
}

export async function diskUseResource({ machine }: Context): Promise<DiskUse> {
  const [{ disk }, { measuredAtMs, usedBy }] = await Promise.all([machine.measure(), machine.measureDiskUse()])
  return {
    measured_at: new Date(measuredAtMs).toISOString(),
    total_bytes: disk.totalBytes,
    free_bytes: disk.freeBytes,
    reserve_bytes: disk.reserveBytes,
    used_by: [...usedBy].map(([kind, bytes]) => ({ kind, bytes })).sort((a, b) => b.bytes - a.bytes),
  }
}

function findTier(text: string): Tier {
  const span = metricsSpan.safeParse(text)
  if (span.success) return tierOf(span.data)
  throw new HearthError(
    'invalid_params',
    `Metrics are kept over ${metricsSpan.options.join(', ')}; ask for one of these.`,
  )
}

function openSpan({ clock, metrics }: Context, tier: Tier) {
  const steps = stepsUntil(clock.now(), tier)
  return { steps, read: (owner: string | null) => spreadSamples(metrics.read(tier, owner, steps), steps) }
}

function trafficOf(tier: Tier, from: number, samples: readonly (Sample | null)[]) {
  return {
    span: tier.span,
    start_at: new Date(from * tier.stepMs).toISOString(),
    step_seconds: tier.stepMs / 1000,
    requests: requestRates(samples),
    response_time: {
      p50: responseTimes(samples, 0.5),
      p95: responseTimes(samples, 0.95),
      p99: responseTimes(samples, 0.99),
    },
  }
}

import type { StoredSample } from '../ports/metrics-store.ts'
import { percentile } from './histogram.ts'
import type { Sample } from './sample.ts'
import { finest, stepAt, type Tier } from './tier.ts'
import { noTraffic, statusClasses } from './traffic.ts'

/** One figure for each step, oldest first; null: not known. */
export type Figures = (number | null)[]

/** The steps of a tier that are over, and over for no longer than it keeps them. */
export function stepsUntil(nowMs: number, tier: Tier): { from: number; to: number } {
  const to = stepAt(nowMs, tier) - 1
  return { from: to - tier.slots + 1, to }
}

/** A place for each step, null where nothing was recorded. */
export function spreadSamples(stored: readonly StoredSample[], { from, to }: { from: number; to: number }) {
  const samples = new Array<Sample | null>(to - from + 1).fill(null)
  for (const { step, sample } of stored) samples[step - from] = sample
  return samples
}

/**
 * An app without a sample in a step in which the server's traffic was recorded had none: an app that does nothing is not written
 * down. Before `firstIndex` the app was not there.
 */
export function fillIdle(
  own: readonly (Sample | null)[],
  server: readonly (Sample | null)[],
  firstIndex: number,
): (Sample | null)[] {
  return own.map((sample, index) => {
    const known = server[index]
    if (sample || !known || known.traffic === null || index < firstIndex) return sample
    return { traffic: noTraffic, trafficSteps: known.trafficSteps, dynos: [], machine: null }
  })
}

/** Requests a second of each class of status, on average over what was recorded of each step. */
export function requestRates(samples: readonly (Sample | null)[]) {
  const rates = statusClasses.map((name, index) => {
    const rate = (sample: Sample | null) => {
      if (!sample?.traffic || sample.trafficSteps === 0) return null
      return rounded((sample.traffic.statuses[index] ?? 0) / ((sample.trafficSteps * finest.stepMs) / 1000), 1000)
    }
    return [name, samples.map(rate)] as const
  })
  return Object.fromEntries(rates) as Record<(typeof statusClasses)[number], Figures>
}

/** In milliseconds; null where nothing was answered. */
export function responseTimes(samples: readonly (Sample | null)[], part: number): Figures {
  return samples.map((sample) => {
    const time = sample?.traffic ? percentile(sample.traffic.times, part) : null
    return time === null ? null : rounded(time, 10)
  })
}

export interface DynoSeries {
  readonly name: string
  /** The newest that is known. */
  readonly memoryLimitBytes: number | null
  readonly memoryBytes: Figures
  readonly cpu: Figures
}

/** One of each dyno that was there at any time, by name and number. */
export function dynoSeries(samples: readonly (Sample | null)[]): DynoSeries[] {
  const names = new Set(samples.flatMap((sample) => sample?.dynos.map(({ name }) => name) ?? []))
  const inOrder = [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return inOrder.map((name) => {
    const own = samples.map((sample) => sample?.dynos.find((dyno) => dyno.name === name))
    return {
      name,
      memoryLimitBytes: own.findLast((dyno) => dyno !== undefined)?.memoryLimitBytes ?? null,
      memoryBytes: own.map((dyno) => dyno?.memoryBytes ?? null),
      cpu: own.map((dyno) => dyno?.cpu ?? null),
    }
  })
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts
}

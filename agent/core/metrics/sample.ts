import { addTraffic, type Traffic } from './traffic.ts'

/** What was seen of an app, or of the server, in one step of a tier. */
export interface Sample {
  /** Null: unknown, since the router was away or counted for longer than the step. */
  readonly traffic: Traffic | null
  /** How many of the finest tier's steps `traffic` is from. */
  readonly trafficSteps: number
  /** Of an app: the dynos of its formation. */
  readonly dynos: readonly DynoSample[]
  /** Of the server. */
  readonly machine: MachineSample | null
}

export interface DynoSample {
  readonly name: string
  /** The highest of the step. */
  readonly memoryBytes: number
  readonly memoryLimitBytes: number | null
  /** Cores kept busy, on average: 0.5 is half of one. Null: not known yet. */
  readonly cpu: number | null
}

export interface MachineSample {
  readonly memoryBytes: number
  readonly memoryTotalBytes: number
  readonly cpu: number | null
  readonly cores: number
  readonly diskBytes: number
  readonly diskTotalBytes: number
}

/** A step of a coarser tier, from those of the finest in it, oldest first: there is at least one. */
export function mergeSamples(samples: readonly Sample[]): Sample {
  const traffic = samples.flatMap((sample) => sample.traffic ?? [])
  return {
    traffic: traffic.length > 0 ? addTraffic(traffic) : null,
    trafficSteps: samples.reduce((sum, { trafficSteps }) => sum + trafficSteps, 0),
    dynos: mergeDynos(samples.flatMap(({ dynos }) => dynos)),
    machine: mergeMachine(samples.flatMap(({ machine }) => machine ?? [])),
  }
}

function mergeDynos(dynos: readonly DynoSample[]): DynoSample[] {
  return [...Map.groupBy(dynos, ({ name }) => name)].map(([name, same]) => ({
    name,
    memoryBytes: Math.max(...same.map(({ memoryBytes }) => memoryBytes)),
    memoryLimitBytes: same.at(-1)?.memoryLimitBytes ?? null,
    cpu: average(same.map(({ cpu }) => cpu)),
  }))
}

function mergeMachine(samples: readonly MachineSample[]): MachineSample | null {
  const last = samples.at(-1)
  if (!last) return null
  return {
    ...last,
    memoryBytes: Math.max(...samples.map(({ memoryBytes }) => memoryBytes)),
    cpu: average(samples.map(({ cpu }) => cpu)),
  }
}

function average(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

import type { DynoSample, MachineSample, Sample } from '../core/metrics/sample.ts'
import { noTraffic } from '../core/metrics/traffic.ts'

/**
 * A sample as it is kept, in few bytes: `{"n":1,"s":[0,12,0,1,0],"t":[13,9,14,4],"d":[["web.1",52428800,536870912,0.013]]}`. `t`
 * has a bucket and its count in turn; `m` is the machine.
 */
export function renderSample({ traffic, trafficSteps, dynos, machine }: Sample): string {
  return JSON.stringify({
    n: trafficSteps,
    ...(traffic && {
      s: traffic.statuses,
      t: traffic.times.flatMap((count, bucket) => (count > 0 ? [bucket, count] : [])),
    }),
    ...(dynos.length > 0 && {
      d: dynos.map(({ name, memoryBytes, memoryLimitBytes, cpu }) => [name, memoryBytes, memoryLimitBytes, round(cpu)]),
    }),
    ...(machine && { m: { ...machine, cpu: round(machine.cpu) } }),
  })
}

interface SampleText {
  readonly n: number
  readonly s?: number[]
  readonly t?: number[]
  readonly d?: [name: string, memoryBytes: number, memoryLimitBytes: number | null, cpu: number | null][]
  readonly m?: MachineSample
}

export function parseSample(text: string): Sample {
  const { n, s, t = [], d = [], m } = JSON.parse(text) as SampleText
  return {
    traffic: s ? { statuses: s, times: readTimes(t) } : null,
    trafficSteps: n,
    dynos: d.map(
      ([name, memoryBytes, memoryLimitBytes, cpu]): DynoSample => ({ name, memoryBytes, memoryLimitBytes, cpu }),
    ),
    machine: m ?? null,
  }
}

function readTimes(pairs: readonly number[]): number[] {
  const times = [...noTraffic.times]
  for (let index = 0; index < pairs.length; index += 2) times[pairs[index] ?? 0] = pairs[index + 1] ?? 0
  return times
}

/** To a thousandth of a core. */
function round(cpu: number | null): number | null {
  return cpu === null ? null : Math.round(cpu * 1000) / 1000
}

/** How busy something was on average, and what the next look goes on from. */
export interface LoadAverage {
  /** Over one minute, five and fifteen; 1 is one core all the time. The younger counts more, as in the kernel's own. */
  readonly averages: readonly [number, number, number]
  readonly cpuSeconds: number
  readonly uptimeMs: number
}

const minute = 60_000

/** One look further, at the processor time that was used until now; a first one has nothing to go on from, and is 0. */
export function followLoad(before: LoadAverage | undefined, cpuSeconds: number, uptimeMs: number): LoadAverage {
  if (!before) return { averages: [0, 0, 0], cpuSeconds, uptimeMs }
  const passedMs = uptimeMs - before.uptimeMs
  if (passedMs <= 0) return before
  const load = (Math.max(0, cpuSeconds - before.cpuSeconds) * 1000) / passedMs
  const follow = (average: number, minutes: number) =>
    load + (average - load) * Math.exp(-passedMs / (minutes * minute))
  const [one, five, fifteen] = before.averages
  return { averages: [follow(one, 1), follow(five, 5), follow(fifteen, 15)], cpuSeconds, uptimeMs }
}

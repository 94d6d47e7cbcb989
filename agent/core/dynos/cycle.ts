/** When a dyno is replaced though all is well, as settings say. */
export interface CycleTimes {
  readonly cycleMs: number
  readonly cycleSpreadMs: number
}

/**
 * How old a dyno becomes before a new one takes its place: a day and up to 216 minutes, so that an app's dynos do not all go at
 * once. What is random in it is the dyno's id, a random UUID: nothing has to be kept for the next agent to think the same.
 * https://devcenter.heroku.com/articles/dyno-restarts#automatic-restarts-cycling
 */
export function cycleAgeMs(dynoId: string, { cycleMs, cycleSpreadMs }: CycleTimes): number {
  return Math.floor(cycleMs + (Number.parseInt(dynoId.slice(0, 8), 16) / 2 ** 32) * cycleSpreadMs)
}

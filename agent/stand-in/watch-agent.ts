import { setTimeout as delay } from 'node:timers/promises'

export interface WatchOptions {
  /** A number that changes as long as the agent runs. */
  beats(): number
  /** What is wrong with its disk, as the end of "The disk ..."; null when it is well. */
  diskProblem(): Promise<string | null>
  /** Takes the agent's place at its door; `close` of what it gives puts the agent back there. */
  standIn(problem: string, silentSinceMs: number): Promise<{ close(): Promise<void> }>
  /** For the operator. */
  tell(text: string): void
  /** Silence of the agent after which its disk is tried. */
  readonly silentMs: number
}

/** Stands in for the agent each time that it is silent and its disk is the reason. An agent that is only busy is left alone. */
export async function watchAgent(options: WatchOptions): Promise<never> {
  const { beats, diskProblem, standIn, tell, silentMs } = options
  const lookMs = silentMs / 5
  for (;;) {
    const { last, sinceMs } = await untilSilent(beats, { silentMs, lookMs })
    const problem = await diskProblem()
    if (problem === null || beats() !== last) continue
    const door = await standIn(problem, sinceMs)
    tell(`The disk ${problem}, and the agent waits for it: nothing can be changed, and what runs is served on`)
    while (beats() === last) await delay(lookMs)
    await door.close()
    tell(`The agent goes on, after ${Math.round((performance.now() - sinceMs) / 1000)} seconds`)
  }
}

async function untilSilent(
  beats: () => number,
  { silentMs, lookMs }: { silentMs: number; lookMs: number },
): Promise<{ last: number; sinceMs: number }> {
  let last = beats()
  let sinceMs = performance.now()
  while (performance.now() - sinceMs < silentMs) {
    await delay(lookMs)
    const now = beats()
    if (now !== last) sinceMs = performance.now()
    last = now
  }
  return { last, sinceMs }
}

/** What the router counted of a dyno, ever since it knows it. */
export interface AnswerCounts {
  readonly answered: number
  readonly unanswered: number
}

/** Since when a dyno answers nothing, and how many requests waited in vain since then. */
export interface Silence {
  readonly counts: AnswerCounts
  /** Milliseconds of the machine's uptime; of the look that found the last answer. */
  readonly sinceUptimeMs: number
  readonly requests: number
}

/**
 * One look further. An answer, or counts that begin anew (a router that was restarted), end what was: a dyno is never
 * suspected for what nobody saw.
 */
export function followSilence(before: Silence | undefined, counts: AnswerCounts, uptimeMs: number): Silence {
  const isContinued =
    before && counts.answered === before.counts.answered && counts.unanswered >= before.counts.unanswered
  if (!isContinued) return { counts, sinceUptimeMs: uptimeMs, requests: 0 }
  const requests = before.requests + counts.unanswered - before.counts.unanswered
  // Nobody asked until now: that was no silence.
  const sinceUptimeMs = before.requests === 0 && requests === 0 ? uptimeMs : before.sinceUptimeMs
  return { counts, sinceUptimeMs, requests }
}

/** Whether that is a dyno that hangs. One slow page that a few people asked for is not. */
export function isHung(
  { sinceUptimeMs, requests }: Silence,
  uptimeMs: number,
  { hangMs, hangRequests }: { readonly hangMs: number; readonly hangRequests: number },
): boolean {
  return requests >= hangRequests && uptimeMs - sinceUptimeMs >= hangMs
}

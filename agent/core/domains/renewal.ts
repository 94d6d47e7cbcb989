import type { RenewalWindow } from '../ports/domains/certification.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const longestBackOffMs = dayMs / 2
const longestWaitMs = 7 * dayMs
const alarmMs = 20 * dayMs

export interface Lifetime {
  readonly startsAt: string
  readonly expiresAt: string
}

/** When a certificate is renewed: in the window that its authority wants, by chance within it; else with a third of its life left. */
export function renewalTime({ startsAt, expiresAt }: Lifetime, window: RenewalWindow | null, chance: number): number {
  if (window) return Math.round(window.startMs + (window.endMs - window.startMs) * chance)
  const endMs = Date.parse(expiresAt)
  return Math.round(endMs - (endMs - Date.parse(startsAt)) / 3)
}

/** How long to wait after so many failures in a row: from five minutes up to half a day, and never less than the authority says. */
export function retryDelay(attempts: number, retryAfterMs: number | null, chance: number): number {
  const backOff = Math.min(5 * minuteMs * 2 ** Math.min(attempts - 1, 10), longestBackOffMs)
  return Math.min(Math.max(backOff * (0.75 + chance / 2), retryAfterMs ?? 0), longestWaitMs)
}

/** Whether its end is so near that somebody should look: twenty days, or a quarter of a short life. */
export function isExpiring({ startsAt, expiresAt }: Lifetime, nowMs: number): boolean {
  const endMs = Date.parse(expiresAt)
  return endMs - nowMs < Math.min(alarmMs, (endMs - Date.parse(startsAt)) / 4)
}

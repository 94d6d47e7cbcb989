/** A count that only grows, as it was at a moment (ISO 8601). */
export interface Counted {
  readonly total: number
  readonly at: string
}

/** How much was added a second; null where that can't be said: nothing to compare with, or it began anew. */
export function rateBetween(before: Counted | null, now: Counted): number | null {
  if (!before) return null
  const seconds = (Date.parse(now.at) - Date.parse(before.at)) / 1000
  return seconds > 0 && now.total >= before.total ? (now.total - before.total) / seconds : null
}

export interface BackOff {
  readonly firstMs: number
  readonly maximumMs: number
}

export const reconnectBackOff: BackOff = { firstMs: 500, maximumMs: 30_000 }

/**
 * How long to wait before the given attempt (0 is the first retry): doubling, bounded, and with a quarter of jitter so
 * that many desktops don't come back in the same moment. `random` is in [0, 1).
 */
export function backOffMs(attempt: number, random: number, { firstMs, maximumMs }: BackOff = reconnectBackOff): number {
  const full = Math.min(maximumMs, firstMs * 2 ** Math.min(attempt, 20))
  return Math.round(full * (0.75 + random / 4))
}

const second = 1000
const firstDelayMs = 5 * second
const ceilingMs = 10 * 60 * second
/** Of a delay, both ways: apps that crashed together (a database went away) do not come back together. */
const jitter = 0.2

/**
 * How long to wait before starting a dyno again that crashed after `restarts` restarts in a row: at once the first
 * time, then about 5 s, 10 s, 20 s, ... up to 10 minutes, so that a broken app costs next to nothing and a short outage of
 * what it needs heals by itself. `chance` is from 0 up to 1.
 */
export function restartDelayMs(restarts: number, chance: number): number {
  if (restarts === 0) return 0
  const delayMs = Math.min(firstDelayMs * 2 ** (restarts - 1), ceilingMs)
  return Math.min(Math.round(delayMs * (1 - jitter + 2 * jitter * chance)), ceilingMs)
}

const second = 1000
const firstDelayMs = 5 * second
const ceilingMs = 10 * 60 * second

/**
 * How long to wait before starting a dyno again that crashed after `restarts` restarts in a row: at once the first
 * time, then 5 s, 10 s, 20 s, ... up to 10 minutes, so that a broken app costs next to nothing and a short outage of
 * what it needs heals by itself.
 */
export function restartDelayMs(restarts: number): number {
  return restarts === 0 ? 0 : Math.min(firstDelayMs * 2 ** (restarts - 1), ceilingMs)
}

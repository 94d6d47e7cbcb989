import { uptime } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../core/ports/clock.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  uptime: () => Math.round(uptime() * 1000),
  async delay(durationMs, signal) {
    await delay(durationMs, undefined, { signal })
  },
}

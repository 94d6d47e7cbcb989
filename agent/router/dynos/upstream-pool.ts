import { limits, type Timeouts } from '../limits.ts'
import type { DynoRoute } from './routes.ts'
import { UpstreamConnection, type UpstreamUser } from './upstream-connection.ts'

/** Servers differ in when they close idle connections; only one just used is safe for a request that can't be repeated. */
const freshMs = 1000
/** Be gone before a dyno closes what it announced to keep for so long. */
const closeEarlyMs = 1000

/** Keeps connections to dynos for the next request. The idle ones are listed with their dyno. */
export class UpstreamPool {
  private readonly timeouts: Timeouts

  constructor(timeouts: Timeouts) {
    this.timeouts = timeouts
  }

  /** An idle connection if there is one that will do, else a new one, which says when it is connected. */
  take(dyno: DynoRoute, user: UpstreamUser, reuse: 'any' | 'fresh' | 'none'): UpstreamConnection {
    const last = dyno.idle.at(-1)
    if (last && reuse !== 'none' && (reuse === 'any' || performance.now() - last.idleSince < freshMs)) {
      dyno.idle.pop()
      last.user = user
      last.isReused = true
      return last
    }
    return new UpstreamConnection(dyno, user)
  }

  release(connection: UpstreamConnection, announcedKeepAliveMs: number | null): void {
    const { dyno } = connection
    const keepMs = Math.min(this.timeouts.dynoIdleMs, (announcedKeepAliveMs ?? Number.POSITIVE_INFINITY) - closeEarlyMs)
    if (dyno.isGone || keepMs <= 0 || dyno.idle.length >= limits.idleConnectionsPerDyno) return connection.destroy()
    connection.user = null
    connection.idleSince = performance.now()
    connection.idleUntil = connection.idleSince + keepMs
    dyno.idle.push(connection)
  }

  quarantine(dyno: DynoRoute): void {
    dyno.quarantinedUntil = performance.now() + this.timeouts.quarantineMs
  }

  sweep(dynos: Iterable<DynoRoute>, now: number): void {
    for (const { idle } of dynos) {
      for (const connection of [...idle]) if (connection.idleUntil <= now) connection.destroy()
    }
  }

  close(dynos: Iterable<DynoRoute>): void {
    for (const { idle } of dynos) for (const connection of [...idle]) connection.destroy()
  }
}

import type { Timeouts } from './limits.ts'
import type { Routes } from './routes.ts'
import type { SlowReaders } from './slow-readers.ts'
import type { UpstreamPool } from './upstream-pool.ts'

/** What all exchanges share: the router. */
export interface ExchangeHost {
  readonly routes: Routes
  readonly pool: UpstreamPool
  readonly timeouts: Timeouts
  readonly slowReaders: SlowReaders
  readonly isStopping: boolean
  log(appId: string, timeMs: number, line: string): void
}

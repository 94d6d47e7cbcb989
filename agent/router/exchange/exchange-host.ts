import type { Routes } from '../dynos/routes.ts'
import type { UpstreamPool } from '../dynos/upstream-pool.ts'
import type { Timeouts } from '../limits.ts'
import type { SlowReaders } from './slow-readers.ts'

/** What all exchanges share: the router. */
export interface ExchangeHost {
  readonly routes: Routes
  readonly pool: UpstreamPool
  readonly timeouts: Timeouts
  readonly slowReaders: SlowReaders
  readonly isStopping: boolean
  log(appId: string, timeMs: number, line: string): void
}

import type { BufferedBytes } from '../buffered-bytes.ts'
import type { Routes } from '../dynos/routes.ts'
import type { UpstreamPool } from '../dynos/upstream-pool.ts'
import type { Timeouts } from '../limits.ts'
import type { Exchange } from './exchange.ts'

/** What all exchanges share: the router. */
export interface ExchangeHost {
  readonly routes: Routes
  readonly pool: UpstreamPool
  readonly timeouts: Timeouts
  readonly buffered: BufferedBytes
  readonly isStopping: boolean
  log(appId: string, timeMs: number, line: string): void
  /** The exchange is over and may serve another request. */
  release(exchange: Exchange): void
}

import type { BufferedBytes } from '../buffered-bytes.ts'
import type { Routes } from '../dynos/routes.ts'
import type { ClientSide } from '../exchange/client-side.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Origin } from '../http/forward-head.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { Timeouts } from '../limits.ts'
import type { TicketSecret } from '../tls/ticket-secret.ts'
import type { ClientConnection } from './client-connection.ts'

import type { Proxies } from './proxies.ts'

/** What the connections of clients share: the router. */
export interface ClientHost {
  readonly timeouts: Timeouts
  readonly buffered: BufferedBytes
  readonly routes: Routes
  readonly ticketSecret: TicketSecret
  readonly proxies: Proxies
  /** Begins an exchange, which the caller makes the client's user and starts. Null when the request was answered at once. */
  openExchange(client: ClientSide, head: RequestHead): Exchange | null
  /** The connection answers by itself; an app may want to know. `head` is what it seems to ask for, null when that is not clear. */
  onMalformed(origin: Origin, head: RequestHead | null, why: string): void
  /** The client speaks HTTP/2: its socket is as if nothing had been read from it. */
  onHttp2(client: ClientConnection): void
  onClosed(client: RouterClient): void
  /** Somebody asks over TLS for a name that there is no certificate for. */
  onUnknownName(hostname: string, origin: Origin): void
  /** What there is for a name is no certificate with its key. */
  onUnusableCertificate(hostname: string): void
}

/** A client's connection, in whatever protocol. */
export interface RouterClient {
  readonly origin: Origin
  /** It counts for the place that it comes from. */
  isCounted: boolean
  /** There are too many: the only answer is H22. */
  isUnwelcome: boolean
  /** It can make room for another without harm. */
  readonly isIdle: boolean
  sweep(now: number): void
  /** The router stops: what is idle ends now. */
  stop(): void
  /** Makes room for another. */
  evict(): void
  /** And can't wait any longer. */
  forceClose(): void
}

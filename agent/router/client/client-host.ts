import type { BufferedBytes } from '../buffered-bytes.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { Timeouts } from '../limits.ts'
import type { ClientConnection } from './client-connection.ts'

/** What the connections of clients share: the router. */
export interface ClientHost {
  readonly timeouts: Timeouts
  readonly buffered: BufferedBytes
  /** Begins the exchange and makes it the connection's user. `rest` is what came behind the head; returns what is not its own. */
  onRequest(client: ClientConnection, head: RequestHead, rest: Buffer | null): Buffer | null
  /** The connection answers by itself; an app may want to know. */
  onMalformed(client: ClientConnection, text: string, why: string): void
  onClosed(client: ClientConnection): void
}

import type { TLSSocket } from 'node:tls'
import type { Routes } from '../dynos/routes.ts'
import type { Origin } from '../http/forward-head.ts'
import type { Timeouts } from '../limits.ts'
import type { SecureContexts } from '../tls/secure-contexts.ts'
import type { TlsHandshake } from './tls-handshake.ts'

/** What connections on their way to TLS share. */
export interface TlsHost {
  readonly timeouts: Timeouts
  readonly routes: Routes
  readonly contexts: SecureContexts
  onSecure(handshake: TlsHandshake, secure: TLSSocket, origin: Origin): void
  /** Nobody has a certificate for it. */
  onUnknownName(hostname: string, origin: Origin): void
  /** What there is for it is no certificate with its key. */
  onUnusable(hostname: string): void
  onHandshakeOver(handshake: TlsHandshake): void
}

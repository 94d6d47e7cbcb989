import { constants, createHash } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { limits } from '../limits.ts'
import type { TicketSecret } from './ticket-secret.ts'

/** Forward secrecy and authenticated encryption only; the same as Mozilla's "intermediate" without DHE. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

/**
 * What TLS is spoken with, one for each certificate, made when it is first asked for. A connection keeps the one that it began with:
 * another certificate is for those after it.
 */
export class SecureContexts {
  private readonly secret: TicketSecret
  private readonly max: number
  private readonly contexts = new Map<string, SecureContext>()

  constructor(secret: TicketSecret, max: number = limits.secureContexts) {
    this.secret = secret
    this.max = max
  }

  /** Throws when the two are no certificate and its key. */
  of({ certificate, key }: CertificatePair): SecureContext {
    const known = this.contexts.get(certificate)
    this.contexts.delete(certificate)
    const context = known ?? this.make(certificate, key)
    this.contexts.set(certificate, context)
    // The one that was longest not asked for.
    if (this.contexts.size > this.max) this.contexts.delete(this.contexts.keys().next().value ?? '')
    return context
  }

  /** With another secret they are made anew. */
  clear(): void {
    this.contexts.clear()
  }

  private make(certificate: string, key: string): SecureContext {
    return createSecureContext({
      cert: certificate,
      key,
      ciphers,
      minVersion: 'TLSv1.2',
      // A client that wants another handshake on the same connection only wants to cost us.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
      ticketKeys: this.secret.keyFor(certificate),
      sessionIdContext: createHash('sha256').update(certificate).digest('hex').slice(0, 32),
    })
  }
}

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Origin } from '../http/forward-head.ts'
import { limits } from '../limits.ts'
import { SecureContexts } from '../tls/secure-contexts.ts'
import { ClientConnection } from './client-connection.ts'
import type { ClientHost } from './client-host.ts'
import type { Clients } from './clients.ts'
import { TlsHandshake } from './tls-handshake.ts'
import type { TlsHost } from './tls-host.ts'

/** Clients that begin with TLS, until they are clients like others. */
export class SecureClients implements TlsHost {
  readonly contexts: SecureContexts
  private readonly host: ClientHost
  private readonly clients: Pick<Clients, 'replace' | 'forget'>
  /** The oldest first. */
  private readonly handshakes = new Set<TlsHandshake>()

  constructor(host: ClientHost, clients: Pick<Clients, 'replace' | 'forget'>) {
    this.host = host
    this.clients = clients
    this.contexts = new SecureContexts(host.ticketSecret)
  }

  get timeouts() {
    return this.host.timeouts
  }

  get routes() {
    return this.host.routes
  }

  begin(socket: Socket, origin: Origin): TlsHandshake {
    const handshake = new TlsHandshake(socket, origin, this)
    this.handshakes.add(handshake)
    if (this.handshakes.size > limits.handshakes) this.handshakes.values().next().value?.forceClose()
    return handshake
  }

  onSecure(handshake: TlsHandshake, secure: TLSSocket, origin: Origin): void {
    this.handshakes.delete(handshake)
    const client = new ClientConnection(secure, origin, this.host)
    client.isUnwelcome = handshake.isUnwelcome
    this.clients.replace(handshake, client)
    if (secure.alpnProtocol === 'h2') client.giveToHttp2()
  }

  onUnknownName(hostname: string, origin: Origin): void {
    this.host.onUnknownName(hostname, origin)
  }

  onUnusable(hostname: string): void {
    this.host.onUnusableCertificate(hostname)
  }

  onHandshakeOver(handshake: TlsHandshake): void {
    this.handshakes.delete(handshake)
    this.clients.forget(handshake)
  }
}

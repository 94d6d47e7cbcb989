import type { Socket } from 'node:net'
import { Origin } from '../http/forward-head.ts'
import { limits } from '../limits.ts'
import { Admission } from './admission.ts'
import { ClientConnection } from './client-connection.ts'
import type { ClientHost, RouterClient } from './client-host.ts'
import type { Proxies } from './proxies.ts'
import { ProxyGreeting } from './proxy-greeting.ts'
import type { SecureClients } from './secure-clients.ts'

/** All clients that are connected, and how many may be. */
export class Clients {
  private readonly host: ClientHost
  private readonly maxConnections: number
  private readonly admission: Admission
  private readonly clients = new Set<RouterClient>()
  /** Loaded when a client first speaks it: a router that never hears it need not hold it. */
  private http2: Promise<typeof import('./http2-connection.ts')> | null = null
  /** The same for TLS. */
  private secure: Promise<SecureClients> | null = null
  private onGone: (() => void) | null = null
  private isStopping = false

  constructor(host: ClientHost, maxConnections: number) {
    this.host = host
    this.maxConnections = maxConnections
    this.admission = new Admission(maxConnections)
  }

  get count(): number {
    return this.clients.size
  }

  accept(socket: Socket): void {
    this.greet(socket, (origin) => {
      this.admit(new ClientConnection(socket, origin, this.host), socket.remoteAddress !== undefined)
      if (this.host.proxies.protocol) socket.resume()
    })
  }

  /** One that begins with TLS. */
  acceptSecure(socket: Socket): void {
    this.greet(socket, (origin) => {
      socket.on('error', () => {}) // 'close' follows.
      this.secure ??= import('./secure-clients.ts').then((loaded) => new loaded.SecureClients(this.host, this))
      void this.secure.then((secure) => {
        if (this.isStopping || socket.destroyed) socket.destroy()
        else this.admit(secure.begin(socket, origin), true)
      })
    })
  }

  /** A trusted proxy says first whom it speaks for, where that was agreed on. */
  private greet(socket: Socket, onKnown: (origin: Origin) => void): void {
    const origin = originOf(socket, this.host.proxies)
    const { protocol } = this.host.proxies
    if (!protocol || !origin.isTrusted) return onKnown(origin)
    const greeting: ProxyGreeting = new ProxyGreeting(socket, origin, {
      timeouts: this.host.timeouts,
      onKnown: (address) => {
        this.clients.delete(greeting)
        // Who passes bytes on does not vouch for what they say.
        onKnown(new Origin(address ?? origin.address, origin.port))
      },
      onGone: () => this.forget(greeting),
    })
    this.clients.add(greeting)
  }

  /** Its handshake is over: it is counted as what it is now. */
  replace(before: RouterClient, client: RouterClient): void {
    this.clients.delete(before)
    this.clients.add(client)
    client.isCounted = before.isCounted
    if (this.isStopping) client.stop()
  }

  /** The client speaks HTTP/2 from here on. */
  turnToHttp2(client: ClientConnection): void {
    this.http2 ??= import('./http2-connection.ts')
    void this.http2.then(({ Http2Connection }) => {
      if (client.socket.destroyed || this.isStopping) {
        client.socket.destroy()
        return this.forget(client)
      }
      this.clients.delete(client)
      this.clients.add(new Http2Connection(client, this.host))
    })
  }

  forget(client: RouterClient): void {
    if (!this.clients.delete(client)) return
    if (client.isCounted) this.admission.leave(client.origin.address)
    this.onGone?.()
  }

  sweep(now: number): void {
    for (const client of this.clients) client.sweep(now)
  }

  /** Certificates are shown anew: the secret that sessions are sealed with is another one. */
  async renewContexts(): Promise<void> {
    const secure = await this.secure
    secure?.contexts.clear()
  }

  /** Lets what is under way end, for at most so long. */
  async stop(deadlineMs: number): Promise<void> {
    this.isStopping = true
    for (const client of [...this.clients]) client.stop()
    await this.allGone(deadlineMs)
    for (const client of [...this.clients]) client.forceClose()
  }

  private admit(client: RouterClient, isFromOutside: boolean): void {
    this.clients.add(client)
    // What comes over a unix socket is the owner's, and a trusted proxy brings everybody's.
    if (!isFromOutside || client.origin.isTrusted) return
    client.isCounted = true
    this.admission.enter(client.origin.address)
    const excess = this.clients.size - this.maxConnections
    if (excess <= 0 || (!this.isOverShare(client) && this.makeRoom())) return
    if (excess > limits.unwelcomeConnections) client.evict()
    else client.isUnwelcome = true
  }

  private allGone(deadlineMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMs)
      this.onGone = () => {
        if (this.clients.size > 0) return
        clearTimeout(timer)
        resolve()
      }
      this.onGone()
    })
  }

  private isOverShare({ origin }: RouterClient): boolean {
    return this.admission.hasMoreThanItsShare(origin.address)
  }

  /** The longest idle connections come first. */
  private makeRoom(): boolean {
    let looks = 0
    for (const client of this.clients) {
      if (++looks > limits.evictionLook) return false
      if (client.isIdle && this.isOverShare(client)) {
        client.evict()
        return true
      }
    }
    return false
  }
}

function originOf(socket: Socket, proxies: Proxies): Origin {
  const address = socket.remoteAddress?.replace(/^::ffff:(?=[\d.]+$)/, '')
  // Through a unix socket comes the owner's desktop.
  const isTrusted = address !== undefined && proxies.trusts(address)
  return new Origin(address ?? '127.0.0.1', socket.localPort ?? 80, null, isTrusted)
}

import type { Server, Socket } from 'node:net'
import type { RouterStatus, RoutingChange, RoutingTable } from '../core/ports/router-control.ts'
import { BufferedBytes } from './buffered-bytes.ts'
import { Admission } from './client/admission.ts'
import { ClientConnection } from './client/client-connection.ts'
import type { ClientHost, RouterClient } from './client/client-host.ts'
import { noSuchApp } from './client/error-page.ts'
import { type Controlled, openControlServer } from './control/control-server.ts'
import { loadTable, renderTable, saveTable } from './control/table-file.ts'
import { Routes } from './dynos/routes.ts'
import { UpstreamPool } from './dynos/upstream-pool.ts'
import type { ClientSide } from './exchange/client-side.ts'
import { Exchange } from './exchange/exchange.ts'
import { ExchangeAccount } from './exchange/exchange-account.ts'
import type { ExchangeHost } from './exchange/exchange-host.ts'
import { Origin } from './http/forward-head.ts'
import { nameRequest } from './http/name-request.ts'
import type { RequestHead } from './http/request-head.ts'
import { defaultTimeouts, limits, type Timeouts } from './limits.ts'
import { addressOf, type Listening, type ListenTarget, openListener } from './listen.ts'
import { LogBuffer } from './log/log-buffer.ts'

export interface RouterOptions {
  readonly listen: readonly ListenTarget[]
  /** Where the agent gives its orders: a unix socket (on Windows a named pipe). */
  readonly controlPath: string
  /** Where the last routing table is kept. */
  readonly tablePath: string
  readonly version?: string
  readonly digest?: string
  readonly timeouts?: Partial<Timeouts>
  /** Of clients. */
  readonly maxConnections?: number
  /** Told what the operator should know; never what a client sent. */
  readonly onWarning?: (message: string) => void
}

export interface OpenRouter {
  addresses(): Listening[]
  /** Finishes what is in flight, for at most `stopMs`. */
  close(): Promise<void>
}

export async function openRouter(options: RouterOptions): Promise<OpenRouter> {
  const router = new Router(options)
  await router.open()
  return router
}

class Router implements ClientHost, ExchangeHost, Controlled, OpenRouter {
  readonly timeouts: Timeouts
  readonly routes = new Routes()
  readonly logs = new LogBuffer()
  readonly buffered = new BufferedBytes()
  readonly pool: UpstreamPool
  isStopping = false
  private readonly options: RouterOptions
  private readonly maxConnections: number
  private readonly admission: Admission
  private readonly clients = new Set<RouterClient>()
  /** Loaded when a client first speaks it: a router that never hears it need not hold it. */
  private http2: Promise<typeof import('./client/http2-connection.ts')> | null = null
  private readonly startedAtMs = Date.now()
  /** Over, and ready for another request. */
  private readonly exchanges: Exchange[] = []
  private servers: Server[] = []
  private control: Awaited<ReturnType<typeof openControlServer>> | null = null
  private sweeper: NodeJS.Timeout | null = null
  private saving: Promise<void> = Promise.resolve()
  private savedRevision = -1
  private requests = 0
  private closing: Promise<void> | null = null
  private onClientGone: (() => void) | null = null

  constructor(options: RouterOptions) {
    this.options = options
    this.timeouts = { ...defaultTimeouts, ...options.timeouts }
    this.pool = new UpstreamPool(this.timeouts)
    this.maxConnections = options.maxConnections ?? limits.connections
    this.admission = new Admission(this.maxConnections)
  }

  async open(): Promise<void> {
    await this.restoreTable()
    this.sweeper = setInterval(() => this.sweep(), this.timeouts.sweepMs)
    this.control = await openControlServer(this.options.controlPath, this)
    for (const target of this.options.listen) {
      this.servers.push(await openListener(target, (socket) => this.accept(socket)))
    }
  }

  addresses(): Listening[] {
    return this.servers.map(addressOf)
  }

  async apply(table: RoutingTable): Promise<void> {
    this.routes.apply(table)
    await this.save()
  }

  async change(change: RoutingChange): Promise<boolean> {
    if (change.base !== this.routes.revision) return false
    this.routes.change(change)
    await this.save()
    return true
  }

  drained(dynoIds: readonly string[], deadlineMs: number): Promise<boolean> {
    return this.routes.drained(dynoIds, deadlineMs)
  }

  status(): RouterStatus {
    return {
      version: this.options.version ?? '',
      digest: this.options.digest ?? '',
      pid: process.pid,
      startedAtMs: this.startedAtMs,
      revision: this.routes.revision,
      residentBytes: process.memoryUsage.rss(),
      connections: this.clients.size,
      requests: this.requests,
      apps: this.routes.status(),
    }
  }

  openExchange(client: ClientSide, head: RequestHead): Exchange | null {
    this.requests++
    const app = this.routes.find(head.hostname)
    if (!app) {
      const keepAlive = head.keepAlive && head.framing.kind === 'none' && !this.isStopping
      client.answer(head, noSuchApp(head.hostname), keepAlive)
      return null
    }
    const exchange = this.exchanges.pop() ?? new Exchange(this)
    exchange.begin(client, head, app)
    return exchange
  }

  onHttp2(client: ClientConnection): void {
    this.clients.delete(client)
    this.http2 ??= import('./client/http2-connection.ts')
    void this.http2.then(({ Http2Connection }) => {
      if (client.socket.destroyed || this.isStopping) return client.socket.destroy()
      this.clients.add(new Http2Connection(client, this))
    })
  }

  onClosed(client: RouterClient): void {
    this.clients.delete(client)
    if (client.isCounted) this.admission.leave(client.origin.address)
    this.onClientGone?.()
  }

  onMalformed(client: ClientConnection, text: string, cause: string): void {
    const head = nameRequest(text)
    const app = head && this.routes.find(head.hostname)
    if (!head || !app) return
    const account = new ExchangeAccount()
    account.begin(head, app, client.origin)
    account.close(this, head, app, { code: 'H26', cause, dyno: null, connectedAt: null, status: 400, bytes: null })
  }

  release(exchange: Exchange): void {
    if (this.exchanges.length < limits.spareExchanges) this.exchanges.push(exchange)
  }

  log(appId: string, timeMs: number, line: string): void {
    this.logs.add(appId, timeMs, line)
  }

  close(): Promise<void> {
    this.closing ??= this.stop()
    return this.closing
  }

  private async stop(): Promise<void> {
    this.isStopping = true
    for (const server of this.servers) server.close()
    for (const client of [...this.clients]) client.stop()
    await this.allClientsGone(this.timeouts.stopMs)
    for (const client of [...this.clients]) client.forceClose()
    if (this.sweeper) clearInterval(this.sweeper)
    this.pool.close(this.routes.allDynos())
    this.logs.close()
    await this.saving
    this.control?.close()
    await new Promise((resolve) => setTimeout(resolve, 20)) // The last log lines leave.
    this.control?.closeAllConnections()
  }

  private allClientsGone(deadlineMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMs)
      this.onClientGone = () => {
        if (this.clients.size > 0) return
        clearTimeout(timer)
        resolve()
      }
      this.onClientGone()
    })
  }

  private accept(socket: Socket): void {
    const client = new ClientConnection(socket, originOf(socket), this)
    this.clients.add(client)
    // What comes over a unix socket is the owner's.
    if (socket.remoteAddress === undefined) return
    client.isCounted = true
    this.admission.enter(client.origin.address)
    const excess = this.clients.size - this.maxConnections
    if (excess <= 0 || (!this.isOverShare(client) && this.makeRoom())) return
    if (excess > limits.unwelcomeConnections) client.evict()
    else client.isUnwelcome = true
  }

  private isOverShare({ origin }: ClientConnection): boolean {
    return this.admission.hasMoreThanItsShare(origin.address)
  }

  /** The longest idle connections come first. */
  private makeRoom(): boolean {
    let looks = 0
    for (const client of this.clients) {
      if (++looks > limits.evictionLook) return false
      if (client instanceof ClientConnection && client.isIdle && this.isOverShare(client)) {
        client.evict()
        return true
      }
    }
    return false
  }

  private sweep(): void {
    const now = performance.now()
    for (const client of this.clients) client.sweep(now)
    this.pool.sweep(this.routes.allDynos(), now)
  }

  /** One after the other, each with what is newest then. A full disk must not stop the routing. */
  private save(): Promise<void> {
    this.saving = this.saving
      .then(() => {
        const { revision } = this.routes
        if (revision === this.savedRevision) return
        this.savedRevision = revision
        return saveTable(this.options.tablePath, renderTable(revision, this.routes.routedApps()))
      })
      .catch((error: Error) => this.warn(`The routing table could not be saved: ${error.message}`))
    return this.saving
  }

  private async restoreTable(): Promise<void> {
    try {
      const table = await loadTable(this.options.tablePath)
      if (table) this.routes.apply(table)
    } catch (error) {
      // Without it the router knows no app until the agent speaks, which is better than not starting.
      this.warn(`The saved routing table is unreadable: ${(error as Error).message}`)
    }
  }

  private warn(message: string): void {
    this.options.onWarning?.(message)
  }
}

function originOf(socket: Socket): Origin {
  const address = socket.remoteAddress?.replace(/^::ffff:(?=[\d.]+$)/, '')
  // Through a unix socket comes the owner's desktop.
  return new Origin(address ?? '127.0.0.1', 'http', socket.localPort ?? 80)
}

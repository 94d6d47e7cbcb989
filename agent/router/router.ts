import type { Server, Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { AppTraffic } from '../core/metrics/traffic.ts'
import type { RouterStatus, RoutingChange, RoutingTable } from '../core/ports/routing/router-control.ts'
import { accountFor, answerAlone } from './answer-alone.ts'
import { BufferedBytes } from './buffered-bytes.ts'
import type { ClientConnection } from './client/client-connection.ts'
import type { ClientHost, RouterClient } from './client/client-host.ts'
import { Clients } from './client/clients.ts'
import { noSuchApp } from './client/error-page.ts'
import { Proxies, type ProxyOptions } from './client/proxies.ts'
import { type Controlled, openControlServer } from './control/control-server.ts'
import { TableKeeper } from './control/table-keeper.ts'
import { Routes } from './dynos/routes.ts'
import { UpstreamPool } from './dynos/upstream-pool.ts'
import type { ClientSide } from './exchange/client-side.ts'
import { Exchange } from './exchange/exchange.ts'
import type { ExchangeHost } from './exchange/exchange-host.ts'
import type { Origin } from './http/forward-head.ts'
import { type RequestHead, unreadable } from './http/request-head.ts'
import { judgeRequest } from './judge-request.ts'
import { defaultTimeouts, limits, type Timeouts } from './limits.ts'
import { addressOf, type Listening, type ListenTarget, openListener, portOf } from './listen.ts'
import { LogBuffer } from './log/log-buffer.ts'
import { TicketSecret } from './tls/ticket-secret.ts'
import { mergeStatus, mergeTraffic } from './workers/merge-status.ts'
import { OwnWork } from './workers/own-work.ts'
import { judgeMs, Workers, type WorkersOptions } from './workers/workers.ts'

export interface RouterOptions {
  readonly listen: readonly ListenTarget[]
  /** Where the agent gives its orders: a unix socket (on Windows a named pipe). */
  readonly controlPath: string
  /** Where the last routing table is kept. Null for a process that another one tells the table: it listens once it has one. */
  readonly tablePath: string | null
  /** More processes on the same listeners. */
  readonly workers?: Pick<WorkersOptions, 'min' | 'max' | 'start'>
  readonly version?: string
  readonly digest?: string
  readonly timeouts?: Partial<Timeouts>
  readonly proxies?: ProxyOptions
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
  readonly ticketSecret: TicketSecret
  readonly proxies: Proxies
  isStopping = false
  private readonly options: RouterOptions
  private readonly clients: Clients
  private readonly keeper: TableKeeper
  private readonly startedAtMs = Date.now()
  /** Over, and ready for another request. */
  private readonly exchanges: Exchange[] = []
  private servers: Server[] = []
  private control: Awaited<ReturnType<typeof openControlServer>> | null = null
  private sweeper: NodeJS.Timeout | null = null
  private sweptAt = performance.now()
  /** Once in a row only: one that is always late has to judge too. */
  private hasPutOff = false
  private requests = 0
  /** Where clients begin with TLS; null when that is somebody else's business. */
  private httpsPort: number | null = null
  private readonly workers: Workers | null
  private judge: NodeJS.Timeout | null = null
  private readonly work = new OwnWork()
  private closing: Promise<void> | null = null

  constructor(options: RouterOptions) {
    this.options = options
    this.timeouts = { ...defaultTimeouts, ...options.timeouts }
    this.pool = new UpstreamPool(this.timeouts)
    const { controlPath, tablePath } = options
    this.ticketSecret = new TicketSecret(join(dirname(controlPath), 'tickets.key'), tablePath !== null)
    this.proxies = new Proxies(options.proxies ?? { trusted: [], protocol: false })
    this.clients = new Clients(this, options.maxConnections ?? limits.connections)
    this.keeper = new TableKeeper(options.tablePath, this.routes, (message) => this.warn(message))
    this.workers = options.workers ? new Workers({ ...options.workers, ...this.forWorkers() }) : null
  }

  async open(): Promise<void> {
    await this.keeper.restore()
    await this.refreshTickets()
    this.sweeper = setInterval(() => this.sweep(), this.timeouts.sweepMs)
    this.control = await openControlServer(this.options.controlPath, this)
    if (this.options.tablePath !== null) await this.listen()
    this.workers?.open(this.table())
    this.judge = setInterval(() => this.lookAtWork(), judgeMs)
  }

  private async listen(): Promise<void> {
    if (this.servers.length > 0 || this.isStopping) return
    for (const target of this.options.listen) {
      const accept = target.tls
        ? (socket: Socket) => this.clients.acceptSecure(socket)
        : (socket: Socket) => this.clients.accept(socket)
      const server = await openListener({ ...target, whole: this.proxies.protocol }, accept)
      this.servers.push(server)
      if (target.tls) this.httpsPort = portOf(server)
    }
  }

  addresses(): Listening[] {
    return this.servers.map(addressOf)
  }

  async apply(table: RoutingTable): Promise<void> {
    // What was overtaken on its way is old.
    if (table.revision >= this.routes.revision) this.routes.apply(table)
    await this.spread()
    await this.listen()
  }

  async change(change: RoutingChange): Promise<boolean> {
    if (change.base !== this.routes.revision) return false
    this.routes.change(change)
    await this.spread()
    return true
  }

  async drained(dynoIds: readonly string[], deadlineMs: number): Promise<boolean> {
    const answers = [this.routes.drained(dynoIds, deadlineMs), this.workers?.drained(dynoIds, deadlineMs) ?? true]
    return (await Promise.all(answers)).every(Boolean)
  }

  get revision(): number {
    return this.routes.revision
  }

  /** Whichever of the router's processes hears of it first. */
  async wanted(signal: AbortSignal): Promise<readonly string[]> {
    const answered = new AbortController()
    const until = AbortSignal.any([signal, answered.signal])
    try {
      return await Promise.race([this.routes.wanted.wait(until), ...(this.workers?.askWanted(until) ?? [])])
    } finally {
      answered.abort()
    }
  }

  async status(): Promise<RouterStatus> {
    return mergeStatus(this.ownStatus(), (await this.workers?.statuses()) ?? [])
  }

  async takeTraffic(): Promise<AppTraffic[]> {
    return mergeTraffic([...this.routes.takeTraffic(), ...((await this.workers?.takeTraffic()) ?? [])])
  }

  private ownStatus(): RouterStatus {
    return {
      version: this.options.version ?? '',
      digest: this.options.digest ?? '',
      pid: process.pid,
      pids: [process.pid],
      busy: this.work.busy,
      startedAtMs: this.startedAtMs,
      revision: this.routes.revision,
      residentBytes: process.memoryUsage.rss(),
      connections: this.clients.count,
      requests: this.requests,
      canWake: true,
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
    const judged = judgeRequest(app.app, { head, origin: client.origin, httpsPort: this.httpsPort })
    if (judged.kind !== 'pass') {
      answerAlone(this, client, { head, route: app, judged })
      return null
    }
    const exchange = this.exchanges.pop() ?? new Exchange(this)
    exchange.begin(client, head, app)
    return exchange
  }

  onUnknownName(hostname: string, origin: Origin): void {
    const route = this.routes.find(hostname)
    const head = { ...unreadable, method: '', target: '', hostname }
    if (route) accountFor(this, { head, route, origin }, { code: 'H32', status: 495 })
  }

  onUnusableCertificate(hostname: string): void {
    this.warn(`The certificate for ${hostname} can't be used: it does not fit its key, or is none.`)
  }

  onHttp2(client: ClientConnection): void {
    this.clients.turnToHttp2(client)
  }

  onClosed(client: RouterClient): void {
    this.clients.forget(client)
  }

  onMalformed(origin: Origin, head: RequestHead | null, cause: string): void {
    const route = head && this.routes.find(head.hostname)
    if (head && route) accountFor(this, { head, route, origin }, { code: 'H26', status: 400, cause })
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
    // For a moment everybody is still served and told to come back on another connection: whoever is cut off while a request is
    // on its way can't know whether it was heard.
    this.isStopping = true
    if (this.clients.count > 0) await new Promise((resolve) => setTimeout(resolve, this.timeouts.farewellMs))
    for (const server of this.servers) server.close()
    if (this.judge) clearInterval(this.judge)
    const workers = this.workers?.close()
    await this.clients.stop(this.timeouts.stopMs)
    await workers
    if (this.sweeper) clearInterval(this.sweeper)
    this.pool.close(this.routes.allDynos())
    this.logs.close()
    await this.keeper.save()
    this.control?.close()
    await new Promise((resolve) => setTimeout(resolve, 20)) // The last log lines leave.
    this.control?.closeAllConnections()
  }

  private sweep(): void {
    const now = performance.now()
    // A process that was held up itself, on a machine that paused say, reads what has come meanwhile before it judges who is silent.
    const isLate = now - this.sweptAt > 2 * this.timeouts.sweepMs
    this.sweptAt = now
    this.hasPutOff = isLate && !this.hasPutOff
    if (this.hasPutOff) return
    this.clients.sweep(now)
    this.pool.sweep(this.routes.allDynos(), now)
  }

  /** To whoever has to have the table as well. */
  private async spread(): Promise<void> {
    await Promise.all([this.keeper.save(), this.workers?.apply(this.table())])
  }

  private forWorkers(): Pick<WorkersOptions, 'onLogLines' | 'onWarning'> {
    return {
      onLogLines: (lines) => this.logs.addLines(lines),
      onWarning: (message) => this.warn(message),
    }
  }

  private table(): RoutingTable {
    return { revision: this.routes.revision, apps: [...this.routes.routedApps()] }
  }

  private lookAtWork(): void {
    this.work.look()
    void this.workers?.judge(this.work.busy)
    void this.refreshTickets()
  }

  private async refreshTickets(): Promise<void> {
    try {
      if (await this.ticketSecret.refresh(Date.now())) await this.clients.renewContexts()
    } catch (error) {
      this.warn(`Sessions can't be resumed in other processes of the router: ${(error as Error).message}`)
    }
  }

  private warn(message: string): void {
    this.options.onWarning?.(message)
  }
}

import { randomUUID } from 'node:crypto'
import { routeRequest } from '../core/route-request.ts'
import { type RoutingCodeName, routingCodes } from '../core/routing-codes.ts'
import { chooseDyno } from './choose-dyno.ts'
import type { ClientConnection, ClientUser } from './client-connection.ts'
import { answerForCode } from './error-page.ts'
import { unsentBytes } from './flow.ts'
import { markRequest, type RequestMarks, renderRequestHead } from './forward-head.ts'
import { Malformed } from './header-block.ts'
import { limits, type Timeouts } from './limits.ts'
import { formatLogLine } from './log-line.ts'
import { isRepeatable, type RequestHead } from './request-parser.ts'
import { RequestSender } from './request-sender.ts'
import { RestrictionBroken } from './response-parser.ts'
import { ResponseRelay } from './response-relay.ts'
import type { AppRoute, DynoRoute, HeldRequest, Routes } from './routes.ts'
import type { SlowReaders } from './slow-readers.ts'
import { Tunnel, type TunnelEnd } from './tunnel.ts'
import type { UpstreamConnection, UpstreamUser } from './upstream-connection.ts'
import type { UpstreamPool } from './upstream-pool.ts'

export interface ExchangeHost {
  readonly routes: Routes
  readonly pool: UpstreamPool
  readonly timeouts: Timeouts
  readonly slowReaders: SlowReaders
  readonly isStopping: boolean
  log(appId: string, timeMs: number, line: string): void
}

/** `exchanging`: the dyno has the head, and requests and answers pass. */
type Phase = 'routing' | 'held' | 'connecting' | 'exchanging' | 'tunnel' | 'done'

interface Fault {
  readonly cause?: string
  readonly status?: number
}

/** One request and its response, from the head to the log line. */
export class Exchange implements ClientUser, UpstreamUser, HeldRequest {
  readonly isEndless = false
  private readonly host: ExchangeHost
  private readonly client: ClientConnection
  private readonly head: RequestHead
  private readonly app: AppRoute
  private readonly marks: RequestMarks
  private readonly sender: RequestSender
  private readonly startedAt = performance.now()
  private phase: Phase = 'routing'
  private deadline = 0
  private heldFor: 'H20' | 'H34' = 'H20'
  private readonly tried: DynoRoute[] = []
  private lastRefusal: 'H19' | 'H21' = 'H21'
  private upstream: UpstreamConnection | null = null
  private dynoName: string | null = null
  private connectedAt: number | null = null
  private wasAnswered = false
  private hasRepeated = false
  private hasContinued = false
  private relay: ResponseRelay | null = null
  private unsent = Number.POSITIVE_INFINITY

  constructor(host: ExchangeHost, client: ClientConnection, head: RequestHead, app: AppRoute) {
    this.host = host
    this.client = client
    this.head = head
    this.app = app
    this.marks = markRequest(head, client.origin, Date.now(), randomUUID)
    this.sender = new RequestSender(head, client.socket)
    app.requests++
    app.inFlight++
    app.lastRequestAtMs = this.marks.startMs
  }

  start(): void {
    if (this.phase === 'done') return // What came behind the head was malformed.
    if (this.head.expect === 'unsupported') {
      return this.fail('H26', { cause: 'unsupported expect header value', status: 417 })
    }
    this.dispatch()
  }

  /** Finds a dyno. Done again while the request is held, and after a dyno that refused the connection. */
  dispatch(): void {
    const route = routeRequest(this.app.app)
    switch (route.kind) {
      case 'refuse':
        return this.fail(route.code)
      case 'hold':
        return this.hold('H20')
      case 'forward': {
        const dyno = chooseDyno(this.app.dynos, this.tried)
        if (dyno) return this.connectTo(dyno)
        return this.tried.length > 0 ? this.fail(this.lastRefusal) : this.hold('H34')
      }
    }
  }

  onClientData(chunk: Buffer): Buffer | null {
    this.touch()
    try {
      const rest = this.sender.receive(chunk)
      if (this.phase === 'exchanging') this.awaitFirstByte()
      return rest
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.fail('H26', { cause: error.message })
      return null
    }
  }

  onClientDrain(): void {
    this.touch()
    this.relay?.release()
  }

  onClientEnd(): void {
    this.fail('H27')
  }

  onClientClosed(): void {
    this.fail('H27')
  }

  onUpstreamConnected(): void {
    this.send()
  }

  onUpstreamData(chunk: Buffer): void {
    if (!this.relay) return
    this.wasAnswered = true
    this.touch()
    try {
      switch (this.relay.receive(chunk)) {
        case 'complete':
          return this.complete()
        case 'switched':
          return this.openTunnel()
      }
    } catch (error) {
      if (error instanceof RestrictionBroken) this.fail('H25', { cause: error.message })
      else if (error instanceof Malformed) this.fail(this.relay.head ? 'H18' : 'H17')
      else throw error
    }
  }

  onUpstreamDrain(): void {
    this.touch()
    this.sender.onDynoDrain()
    this.awaitFirstByte()
  }

  onUpstreamEnd(): void {
    if (this.relay?.end()) this.complete()
    else this.onUpstreamClosed(null)
  }

  onUpstreamClosed(error: NodeJS.ErrnoException | null): void {
    if (this.phase === 'connecting') return this.onRefused(error?.code === 'ETIMEDOUT' ? 'H19' : 'H21')
    if (this.wasAnswered) return this.fail('H18')
    if (!this.mayRepeat()) return this.fail('H13')
    this.hasRepeated = true
    this.leaveDyno()
    this.dispatch()
  }

  sweep(now: number): void {
    if (this.phase === 'held' && this.heldFor === 'H34') this.dispatch()
    if (now < this.deadline) return
    switch (this.phase) {
      case 'held':
        return this.fail(this.heldFor)
      case 'connecting':
        return this.onRefused('H19')
      case 'exchanging':
        return this.expire()
    }
  }

  /** The router stops and can't wait any longer. */
  forceClose(): void {
    this.fail('H24')
  }

  private hold(code: 'H20' | 'H34'): void {
    this.heldFor = code
    if (this.phase === 'held') return
    if (this.app.held.size >= limits.heldPerApp) return this.fail('H11')
    this.phase = 'held'
    this.deadline = this.startedAt + this.host.timeouts.holdMs
    this.app.held.add(this)
  }

  private connectTo(dyno: DynoRoute): void {
    const { pool, routes, timeouts } = this.host
    this.app.held.delete(this)
    this.phase = 'connecting'
    this.deadline = performance.now() + timeouts.connectMs
    this.dynoName = dyno.dyno.name
    routes.beginRequest(dyno)
    this.upstream = pool.take(dyno, this, this.hasRepeated ? 'none' : isRepeatable(this.head) ? 'any' : 'fresh')
    if (this.upstream.isConnected) this.send()
  }

  private onRefused(code: 'H19' | 'H21'): void {
    if (!this.upstream) return
    this.lastRefusal = code
    this.tried.push(this.upstream.dyno)
    this.host.pool.quarantine(this.upstream.dyno)
    this.connectedAt = null
    this.leaveDyno()
    this.phase = 'routing'
    this.dispatch()
  }

  private send(): void {
    const { upstream, head, client, host } = this
    if (!upstream) return
    this.connectedAt = performance.now()
    this.phase = 'exchanging'
    this.touch()
    this.relay = new ResponseRelay({
      request: head,
      client: client.socket,
      dyno: upstream.socket,
      slowReaders: host.slowReaders,
      mayKeepAlive: () => head.keepAlive && !host.isStopping && this.sender.isReceived,
    })
    if (head.expect === 'continue' && !this.hasContinued && !this.sender.hasBegun) {
      this.hasContinued = true
      client.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
    }
    this.sender.sendTo(upstream.socket, renderRequestHead(head, client.origin, this.marks))
    this.awaitFirstByte()
  }

  /** The 30 seconds count from when the dyno has the whole request. */
  private awaitFirstByte(): void {
    if (!this.wasAnswered && this.sender.isSent) this.deadline = performance.now() + this.host.timeouts.firstByteMs
  }

  private touch(): void {
    if (this.phase === 'exchanging') this.deadline = performance.now() + this.host.timeouts.idleMs
  }

  private expire(): void {
    const { client, upstream, sender, relay } = this
    const isWaitingForFirstByte = sender.isSent && !this.wasAnswered
    const unsent = unsentBytes(client.socket) + (upstream ? unsentBytes(upstream.socket) : 0)
    if (!isWaitingForFirstByte && unsent > 0 && unsent < this.unsent) {
      this.unsent = unsent
      return this.touch()
    }
    if (isWaitingForFirstByte || (!this.wasAnswered && sender.isBlocked)) return this.fail('H12')
    this.fail(!this.wasAnswered || relay?.isBlocked ? 'H28' : 'H15')
  }

  /** A connection kept alive can be closed by the dyno just as the next request leaves: then nothing was done there. */
  private mayRepeat(): boolean {
    return this.upstream?.isReused === true && !this.hasRepeated && isRepeatable(this.head)
  }

  private complete(): void {
    const { client, relay, upstream, sender } = this
    if (!relay || !upstream) return
    const isReusable = relay.head?.keepAlive && !relay.hasExcess && sender.isSent
    const keepAlive = relay.keepAlive && !this.host.isStopping
    this.leaveDyno(isReusable ? (relay.head?.keepAliveMs ?? null) : 'broken')
    this.finish(null, relay.head?.status ?? null, relay.bytes)
    if (keepAlive) client.next()
    else client.close()
  }

  private openTunnel(): void {
    const { app, client, host, relay, upstream } = this
    if (!relay || !upstream) return
    if (!this.sender.isReceived) return this.fail('H17')
    this.phase = 'tunnel'
    host.routes.beginTunnel(app, upstream.dyno)
    host.routes.endRequest(upstream.dyno)
    const tunnel = new Tunnel({
      client: client.socket,
      dyno: upstream.socket,
      idleMs: host.timeouts.idleMs,
      onEnd: (reason) => {
        client.user = null
        upstream.user = null
        host.routes.endTunnel(app, upstream.dyno)
        this.upstream = null
        this.finish(tunnelCode(reason), 101, tunnel.bytes)
      },
    })
    client.user = tunnel
    upstream.user = tunnel
    if (relay.tunnelled) tunnel.onUpstreamData(relay.tunnelled)
    client.releaseAhead()
    if (host.isStopping) tunnel.forceClose()
  }

  private fail(name: RoutingCodeName, fault: Fault = {}): void {
    if (this.phase === 'done' || this.phase === 'tunnel') return
    const { client, relay } = this
    const status = fault.status ?? routingCodes[name].status
    const isBegun = relay?.head != null
    this.leaveDyno()
    this.finish(name, status, this.connectedAt === null ? null : (relay?.bytes ?? 0), fault.cause ?? null)
    if (isBegun || name === 'H27' || name === 'H28' || name === 'H24' || status === null) return client.abort()
    const keepAlive = this.head.keepAlive && this.sender.isReceived && !this.host.isStopping && name !== 'H26'
    client.answer(this.head, answerForCode(name, status, this.marks.requestId), keepAlive)
  }

  /** With a keep-alive time (or null for none announced) the connection is kept for another request. */
  private leaveDyno(keepAlive: number | null | 'broken' = 'broken'): void {
    const { upstream, host } = this
    this.relay?.release()
    if (!upstream) return
    this.upstream = null
    if (keepAlive === 'broken') upstream.destroy()
    else host.pool.release(upstream, keepAlive)
    host.routes.endRequest(upstream.dyno)
  }

  private finish(
    name: RoutingCodeName | null,
    status: number | null,
    bytes: number | null,
    cause: string | null = null,
  ): void {
    this.phase = 'done'
    this.app.inFlight--
    this.app.held.delete(this)
    const { head, marks, connectedAt } = this
    const line = formatLogLine({
      code: name && routingCodes[name],
      cause,
      head,
      marks,
      dyno: this.dynoName,
      connectMs: connectedAt === null ? null : connectedAt - this.startedAt,
      serviceMs: connectedAt === null ? null : performance.now() - connectedAt,
      status,
      bytes,
    })
    this.host.log(this.app.app.id, Date.now(), line)
  }
}

function tunnelCode(reason: TunnelEnd): RoutingCodeName | null {
  switch (reason) {
    case 'closed':
      return null
    case 'idle':
      return 'H15'
    case 'forced':
      return 'H24'
  }
}

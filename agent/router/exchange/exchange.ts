import { routeRequest } from '../../core/route-request.ts'
import { type RoutingCodeName, routingCodes } from '../../core/routing-codes.ts'
import type { ClientConnection, ClientUser } from '../client/client-connection.ts'
import { answerForCode } from '../client/error-page.ts'
import { Deadline } from '../deadline.ts'
import { DynoSearch } from '../dynos/dyno-search.ts'
import type { AppRoute, HeldRequest } from '../dynos/routes.ts'
import type { UpstreamUser } from '../dynos/upstream-connection.ts'
import { Malformed } from '../http/header-block.ts'
import type { RequestHead } from '../http/request-parser.ts'
import { RestrictionBroken } from '../http/response-parser.ts'
import { limits } from '../limits.ts'
import { ExchangeAccount } from './exchange-account.ts'
import type { ExchangeHost } from './exchange-host.ts'
import { openTunnel } from './open-tunnel.ts'
import { Transfer } from './transfer.ts'

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
  private readonly account: ExchangeAccount
  private readonly search: DynoSearch
  private readonly deadline = new Deadline()
  private readonly transfer: Transfer
  private phase: Phase = 'routing'
  private heldFor: 'H20' | 'H34' = 'H20'

  constructor(host: ExchangeHost, client: ClientConnection, head: RequestHead, app: AppRoute) {
    this.host = host
    this.client = client
    this.head = head
    this.app = app
    this.account = new ExchangeAccount(head, app, client.origin)
    this.transfer = new Transfer(host, client, head, this.deadline)
    this.search = new DynoSearch(host, head, this)
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
        if (this.connect()) return
        return this.search.hasTried ? this.fail(this.search.lastRefusal) : this.hold('H34')
      }
    }
  }

  onClientData(chunk: Buffer): Buffer | null {
    try {
      return this.transfer.receive(chunk)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.fail('H26', { cause: error.message })
      return null
    }
  }

  onClientDrain(): void {
    this.transfer.onClientDrain()
  }

  onClientEnd(): void {
    this.fail('H27')
  }

  onClientClosed(): void {
    this.fail('H27')
  }

  onUpstreamConnected(): void {
    this.begin()
  }

  onUpstreamData(chunk: Buffer): void {
    const { relay } = this.transfer
    if (!relay) return
    this.transfer.wasAnswered = true
    this.transfer.touch()
    try {
      switch (relay.receive(chunk)) {
        case 'complete':
          return this.complete()
        case 'switched':
          return this.switchProtocol()
      }
    } catch (error) {
      if (error instanceof RestrictionBroken) this.fail('H25', { cause: error.message })
      else if (error instanceof Malformed) this.fail(relay.head ? 'H18' : 'H17')
      else throw error
    }
  }

  onUpstreamDrain(): void {
    this.transfer.onUpstreamDrain()
  }

  onUpstreamEnd(): void {
    if (this.transfer.relay?.end()) this.complete()
    else this.onUpstreamClosed(null)
  }

  onUpstreamClosed(error: NodeJS.ErrnoException | null): void {
    if (this.phase === 'connecting') return this.onRefused(error?.code === 'ETIMEDOUT' ? 'H19' : 'H21')
    if (this.transfer.wasAnswered) return this.fail('H18')
    if (!this.search.mayRepeat()) return this.fail('H13')
    this.leaveDyno('broken')
    this.dispatch()
  }

  sweep(now: number): void {
    if (this.phase === 'held' && this.heldFor === 'H34') this.dispatch()
    if (!this.deadline.isOver(now)) return
    switch (this.phase) {
      case 'held':
        return this.fail(this.heldFor)
      case 'connecting':
        return this.onRefused('H19')
      case 'exchanging': {
        const code = this.transfer.judgeSilence()
        return code === null ? undefined : this.fail(code)
      }
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
    // A request that is held anew has waited before.
    this.deadline.restart(this.account.startedAt + this.host.timeouts.holdMs - performance.now())
    this.app.held.add(this)
  }

  /** False when there is no dyno to connect to. */
  private connect(): boolean {
    const dyno = this.search.choose(this.app)
    if (!dyno) return false
    this.app.held.delete(this)
    this.phase = 'connecting'
    this.deadline.restart(this.host.timeouts.connectMs)
    if (this.search.connectTo(dyno).isConnected) this.begin()
    return true
  }

  private onRefused(code: 'H19' | 'H21'): void {
    const { search } = this
    if (!search.upstream) return
    search.refuse(search.upstream, code)
    this.transfer.connectedAt = null
    this.leaveDyno('broken')
    this.phase = 'routing'
    this.dispatch()
  }

  private begin(): void {
    const { upstream } = this.search
    if (!upstream) return
    this.phase = 'exchanging'
    this.transfer.begin(upstream, this.account.marks)
  }

  private complete(): void {
    const { client } = this
    const { relay, sender } = this.transfer
    if (!relay || !this.search.upstream) return
    const isReusable = relay.head?.keepAlive && !relay.hasExcess && sender.isSent
    const keepAlive = relay.keepAlive && !this.host.isStopping
    this.leaveDyno(isReusable ? (relay.head?.keepAliveMs ?? null) : 'broken')
    this.finish(null, relay.head?.status ?? null, relay.bytes)
    if (keepAlive) client.next()
    else client.close()
  }

  private switchProtocol(): void {
    const { app, client, host, search } = this
    const { relay, sender } = this.transfer
    const { upstream } = search
    if (!relay || !upstream) return
    if (!sender.isReceived) return this.fail('H17')
    this.phase = 'tunnel'
    const begun = relay.tunnelled
    search.upstream = null
    openTunnel({ host, app, client, upstream, begun, onEnd: (code, bytes) => this.finish(code, 101, bytes) })
  }

  private fail(name: RoutingCodeName, fault: Fault = {}): void {
    if (this.phase === 'done' || this.phase === 'tunnel') return
    const { client } = this
    const { connectedAt, mayKeepAlive, relay } = this.transfer
    const status = fault.status ?? routingCodes[name].status
    const isBegun = relay?.head != null
    this.leaveDyno('broken')
    this.finish(name, status, connectedAt === null ? null : (relay?.bytes ?? 0), fault.cause)
    if (isBegun || name === 'H27' || name === 'H28' || name === 'H24' || status === null) return client.abort()
    client.answer(this.head, answerForCode(name, status, this.account.marks.requestId), mayKeepAlive && name !== 'H26')
  }

  private leaveDyno(keepAlive: number | null | 'broken'): void {
    this.transfer.leave()
    this.search.leave(keepAlive)
  }

  private finish(code: RoutingCodeName | null, status: number | null, bytes: number | null, cause?: string): void {
    this.phase = 'done'
    this.app.held.delete(this)
    const { connectedAt } = this.transfer
    this.account.close(this.host, { code, cause, dyno: this.search.dynoName, connectedAt, status, bytes })
  }
}

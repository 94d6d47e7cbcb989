import { routeRequest } from '../../core/routing/route-request.ts'
import { type RoutingCodeName, routingCodes } from '../../core/routing/routing-codes.ts'
import type { ClientUser } from '../client/client-user.ts'
import { answerForCode } from '../client/error-page.ts'
import { Deadline } from '../deadline.ts'
import { DynoSearch } from '../dynos/dyno-search.ts'
import type { AppRoute, HeldRequest } from '../dynos/routes.ts'
import type { UpstreamUser } from '../dynos/upstream-connection.ts'
import { Malformed } from '../http/header-block.ts'
import type { RequestHead } from '../http/request-head.ts'
import { RestrictionBroken } from '../http/response-parser.ts'
import { limits } from '../limits.ts'
import type { ClientSide } from './client-side.ts'
import { ExchangeAccount } from './exchange-account.ts'
import type { ExchangeHost } from './exchange-host.ts'
import { judgeConnectError } from './judge-connect-error.ts'
import { openTunnel } from './open-tunnel.ts'
import { Transfer } from './transfer.ts'

/** `exchanging`: the dyno has the head, and requests and answers pass. */
type Phase = 'over' | 'routing' | 'held' | 'connecting' | 'exchanging' | 'tunnel'

interface Fault {
  readonly cause?: string
  readonly status?: number
}

/** What is exchanged: one request of a client to an app. */
interface Subject {
  readonly client: ClientSide
  readonly head: RequestHead
  readonly app: AppRoute
}

/**
 * One request and its response, from the head to the log line. When it is over it serves another one: making a dozen objects for
 * each request costs more than what they do.
 */
export class Exchange implements ClientUser, UpstreamUser, HeldRequest {
  readonly isEndless = false
  private readonly host: ExchangeHost
  private readonly account = new ExchangeAccount()
  private readonly deadline = new Deadline()
  private readonly search: DynoSearch
  private readonly transfer: Transfer
  private subject: Subject | null = null
  private phase: Phase = 'over'
  private heldFor: 'H20' | 'H34' = 'H20'

  constructor(host: ExchangeHost) {
    this.host = host
    this.search = new DynoSearch(host, this)
    this.transfer = new Transfer(host, this.deadline)
  }

  /** What the client sends from now on is this exchange's. */
  begin(client: ClientSide, head: RequestHead, app: AppRoute): void {
    this.subject = { client, head, app }
    this.phase = 'routing'
    this.account.begin(head, app, client.origin)
    this.search.begin()
    this.transfer.begin(client, head)
  }

  start(): void {
    const { phase, subject } = this
    if (!subject || phase !== 'routing') return // What came behind the head was malformed.
    const { app, client, head } = subject
    if (client.isUnwelcome) return this.fail('H22')
    if (this.transfer.isTooMuch) return this.fail('H11')
    if (head.expect === 'unsupported') {
      return this.fail('H26', { cause: 'unsupported expect header value', status: 417 })
    }
    if (
      routeRequest(app.app).kind !== 'refuse' &&
      app.backlog > limits.backlogPerDyno * Math.max(1, app.dynos.length)
    ) {
      return this.fail('H11')
    }
    this.dispatch()
  }

  /** Finds a dyno. Done again while the request is held, and after a dyno that refused the connection. */
  dispatch(): void {
    const { subject } = this
    if (!subject) return
    const route = routeRequest(subject.app.app)
    switch (route.kind) {
      case 'refuse':
        return this.fail(route.code)
      case 'hold':
        return this.hold(subject, 'H20')
      case 'forward': {
        if (this.connect(subject)) return
        return this.search.hasTried ? this.fail(this.search.lastRefusal) : this.hold(subject, 'H34')
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

  /** The client says that the request was whole (HTTP/2). */
  onRequestEnd(): void {
    try {
      this.transfer.receiveEnd()
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.fail('H26', { cause: error.message })
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

  /** A stream of HTTP/2 ended with an error that says that somebody misbehaved. */
  onStreamBroken(): void {
    this.fail('H33')
  }

  /** So much of requests waits for dynos that there is no room for more of this one. */
  onCrowded(): void {
    this.fail('H11')
  }

  onUpstreamConnected(): void {
    this.send()
  }

  onUpstreamData(chunk: Buffer): boolean {
    const { subject } = this
    if (!subject) return false
    this.relay(subject, chunk)
    return subject.client.waitingBytes > 0
  }

  private relay(subject: Subject, chunk: Buffer): void {
    const { transfer } = this
    const { relay } = transfer
    transfer.wasAnswered = true
    transfer.touch()
    try {
      const outcome = relay.receive(chunk, transfer.mayKeepAlive)
      if (relay.head && this.account.answered(subject.app)) this.search.countAnswer()
      if (outcome === 'complete') this.complete(subject)
      else if (outcome === 'switched') this.switchProtocol(subject)
      else if (relay.isBlocked && this.host.buffered.isOverfull) this.fail('H28')
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
    if (this.subject && this.transfer.relay.end()) this.complete(this.subject)
    else this.onUpstreamClosed(null)
  }

  onUpstreamClosed(error: NodeJS.ErrnoException | null): void {
    const { subject } = this
    if (!subject) return
    if (this.phase === 'connecting') return this.onRefused(judgeConnectError(error))
    if (this.transfer.wasAnswered) return this.fail('H18')
    if (!this.search.mayRepeat(subject.head)) return this.fail('H13')
    this.leaveDyno('broken')
    this.dispatch()
  }

  sweep(now: number): void {
    if (this.phase === 'held' && this.heldFor === 'H34') this.dispatch()
    if (this.phase === 'held' && this.isLost(now)) return this.fail('H99')
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

  /** It waits for an app that nobody is there to wake. */
  private isLost(now: number): boolean {
    const { timeouts, routes } = this.host
    const hasWaited = now - this.account.startedAt >= timeouts.agentAwayMs
    return hasWaited && this.subject?.app.app.isAsleep === true && routes.wanted.isUnheard(now, timeouts.agentAwayMs)
  }

  private hold({ app }: Subject, code: 'H20' | 'H34'): void {
    this.heldFor = code
    if (this.phase === 'held') return
    this.phase = 'held'
    // A request that is held anew has waited before.
    this.deadline.restart(this.account.startedAt + this.host.timeouts.holdMs - performance.now())
    app.held.add(this)
    if (app.app.isAsleep) this.host.routes.wanted.tell()
  }

  /** False when there is no dyno to connect to. */
  private connect({ app, head }: Subject): boolean {
    const dyno = this.search.choose(app, head)
    if (!dyno) return false
    if (this.phase === 'held') app.held.delete(this)
    this.phase = 'connecting'
    this.deadline.restart(this.host.timeouts.connectMs)
    if (this.search.connectTo(dyno, head, app.features.keepAlive).isConnected) this.send()
    return true
  }

  private onRefused(code: 'H19' | 'H21' | 'H99'): void {
    const { search } = this
    if (!search.upstream) return
    // What this machine lacks is no dyno's fault, and the next one would not get it either.
    if (code === 'H99') return this.fail('H99')
    search.refuse(search.upstream, code)
    this.transfer.connectedAt = null
    this.leaveDyno('broken')
    this.phase = 'routing'
    this.dispatch()
  }

  private send(): void {
    const { upstream } = this.search
    if (!upstream || !this.subject) return
    this.phase = 'exchanging'
    this.transfer.send(upstream, this.account.marks, this.subject.app.features)
  }

  private complete({ app, client }: Subject): void {
    const { relay, sender } = this.transfer
    const { head, bytes, trailers } = relay
    const isReusable = head?.keepAlive && app.features.keepAlive && !relay.hasExcess && sender.isSent
    const keepAlive = relay.keepAlive && !this.host.isStopping
    this.leaveDyno(isReusable ? (head?.keepAliveMs ?? null) : 'broken')
    this.finish(null, head?.status ?? null, bytes)
    client.finish(keepAlive, trailers)
  }

  private switchProtocol({ app, client }: Subject): void {
    const { host, search } = this
    const { relay, sender } = this.transfer
    const { upstream } = search
    if (!upstream) return
    if (!sender.isReceived) return this.fail('H17')
    this.phase = 'tunnel'
    const begun = relay.tunnelled
    search.upstream = null
    openTunnel({ host, app, client, upstream, begun, onEnd: (code, bytes) => this.finish(code, 101, bytes) })
  }

  private fail(name: RoutingCodeName, fault: Fault = {}): void {
    const { phase, subject } = this
    if (!subject || phase === 'tunnel') return
    const { app, client, head } = subject
    const { connectedAt, mayKeepAlive, relay } = this.transfer
    const status = fault.status ?? routingCodes[name].status
    const isBegun = relay.head !== null
    const { requestId } = this.account.marks
    if (name === 'H12') this.search.countSilence()
    this.leaveDyno('broken')
    this.finish(name, status, connectedAt === null ? null : relay.bytes, fault.cause)
    if (isBegun || status === null || abortCodes.has(name)) return client.abort()
    client.answer(
      head,
      answerForCode(name, { status, requestId, pages: app.pages }),
      mayKeepAlive && !endingCodes.has(name),
    )
  }

  private leaveDyno(keepAlive: number | null | 'broken'): void {
    this.transfer.leave()
    this.search.leave(keepAlive)
  }

  /** After this the exchange may be another request's at any moment: nothing of it may be looked at. */
  private finish(code: RoutingCodeName | null, status: number | null, bytes: number | null, cause?: string): void {
    const { subject } = this
    if (!subject) return
    const { app, head } = subject
    app.held.delete(this)
    const { connectedAt } = this.transfer
    this.account.close(this.host, head, app, { code, cause, dyno: this.search.dynoName, connectedAt, status, bytes })
    this.phase = 'over'
    this.subject = null
    this.transfer.end()
    this.host.release(this)
  }
}

/** Nobody is there to answer, or nothing that is said now would be understood. */
const abortCodes: ReadonlySet<RoutingCodeName> = new Set(['H24', 'H27', 'H28', 'H33'])

/** After these the client's connection is closed: what follows on it can't be trusted, or there are too many. */
const endingCodes: ReadonlySet<RoutingCodeName> = new Set(['H22', 'H26'])

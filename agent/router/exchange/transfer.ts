import type { RoutingCodeName } from '../../core/routing/routing-codes.ts'
import type { Deadline } from '../deadline.ts'
import { affinityLine } from '../dynos/session-affinity.ts'
import type { UpstreamConnection } from '../dynos/upstream-connection.ts'
import { type RequestMarks, renderRequestHead } from '../http/forward-head.ts'
import type { RequestHead } from '../http/request-head.ts'
import { limits } from '../limits.ts'
import type { ClientSide } from './client-side.ts'
import type { ExchangeHost } from './exchange-host.ts'
import { unsentBytes } from './flow.ts'
import { RequestSender } from './request-sender.ts'
import { ResponseRelay } from './response-relay.ts'

/** What passes between a client and the dyno that has its request, and how long their silence is borne. */
export class Transfer {
  readonly sender: RequestSender
  readonly relay: ResponseRelay
  upstream: UpstreamConnection | null = null
  connectedAt: number | null = null
  wasAnswered = false
  private readonly deadline: Deadline
  private readonly host: ExchangeHost
  private client: ClientSide | null = null
  private head: RequestHead | null = null
  /** Of a head that is larger than most: it is needed until the log line, hours later maybe. */
  private headBytes = 0
  private hasContinued = false
  /** How much was unsent when last looked at. */
  private unsent = Number.POSITIVE_INFINITY

  constructor(host: ExchangeHost, deadline: Deadline) {
    this.host = host
    this.deadline = deadline
    this.sender = new RequestSender(host.buffered)
    this.relay = new ResponseRelay(host.buffered)
  }

  begin(client: ClientSide, head: RequestHead): void {
    this.client = client
    this.head = head
    this.connectedAt = null
    this.wasAnswered = false
    this.hasContinued = false
    this.unsent = Number.POSITIVE_INFINITY
    this.sender.begin(head, client)
    this.headBytes = Math.max(0, head.lines.length - limits.requestHeaderLineBytes)
    this.host.buffered.add(this.headBytes)
  }

  /** Forgets the exchange. */
  end(): void {
    this.client = null
    this.head = null
    this.upstream = null
    this.sender.leave()
    this.relay.reset()
    this.host.buffered.remove(this.headBytes)
    this.headBytes = 0
  }

  /** There is no room for a request of this size. */
  get isTooMuch(): boolean {
    return this.headBytes > 0 && this.host.buffered.isFull
  }

  /** May the client's connection live on, as far as it is for the client to say? */
  get mayKeepAlive(): boolean {
    return this.head?.keepAlive === true && !this.host.isStopping && this.sender.isReceived
  }

  /** The dyno has taken the connection: gives it the request. */
  send(upstream: UpstreamConnection, marks: RequestMarks, features: DynoFeatures): void {
    const { client, head, sender } = this
    if (!client || !head) return
    this.connectedAt = performance.now()
    this.upstream = upstream
    this.touch()
    this.relay.begin(head, client, upstream.socket)
    this.relay.strictLine = client.origin.isSecureFor(head) ? features.strictLine : ''
    if (features.sessionAffinity) {
      this.relay.affinityLine = affinityLine(upstream.dyno, head, client.origin.isSecureFor(head))
    }
    const expectsContinue = head.expect === 'continue' && !sender.hasBegun
    const expectContinue = expectsContinue && features.endToEndContinue
    this.relay.passesContinue = expectContinue
    if (expectsContinue && !expectContinue && !this.hasContinued) {
      this.hasContinued = true
      client.sendContinue()
    }
    const form = { keepAlive: features.keepAlive, expectContinue }
    sender.sendTo(upstream.socket, renderRequestHead(head, client.origin, marks, form))
    this.awaitFirstByte()
  }

  /** The dyno is no longer this request's. */
  leave(): void {
    this.upstream = null
    this.relay.release()
  }

  /** Returns what follows the request in the same bytes. Throws `Malformed`. */
  receive(chunk: Buffer): Buffer | null {
    if (this.sender.isReceived) return chunk
    this.touch()
    const rest = this.sender.receive(chunk)
    this.awaitFirstByte()
    return rest
  }

  /** The client says that the request was whole. Throws `Malformed` if it can't be. */
  receiveEnd(): void {
    this.sender.receiveEnd()
    this.awaitFirstByte()
  }

  onClientDrain(): void {
    this.touch()
    this.relay.release()
  }

  onUpstreamDrain(): void {
    this.touch()
    this.sender.onDynoDrain()
    this.awaitFirstByte()
  }

  /** Something passed. */
  touch(): void {
    if (this.upstream) this.deadline.restart(this.host.timeouts.idleMs)
  }

  /** The deadline is over: whose fault it is, or null if bytes still move. */
  judgeSilence(): RoutingCodeName | null {
    const { client, relay, sender, upstream, wasAnswered } = this
    const isWaitingForFirstByte = sender.isSent && !wasAnswered
    const unsent = (client?.unsentBytes ?? 0) + (upstream ? unsentBytes(upstream.socket) : 0)
    if (!isWaitingForFirstByte && unsent > 0 && unsent < this.unsent) {
      this.unsent = unsent
      this.touch()
      return null
    }
    if (isWaitingForFirstByte || (!wasAnswered && sender.isBlocked)) return 'H12'
    return !wasAnswered || relay.isBlocked ? 'H28' : 'H15'
  }

  /** The 30 seconds count from when the dyno has the whole request. */
  private awaitFirstByte(): void {
    if (this.upstream && !this.wasAnswered && this.sender.isSent) this.deadline.restart(this.host.timeouts.firstByteMs)
  }
}

/** What an app wants of its dynos' connections. */
export interface DynoFeatures {
  readonly keepAlive: boolean
  readonly endToEndContinue: boolean
  readonly sessionAffinity: boolean
  /** The field that keeps browsers to https, with its CRLF; empty if there is none to add. */
  readonly strictLine: string
}

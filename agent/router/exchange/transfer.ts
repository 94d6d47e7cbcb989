import type { RoutingCodeName } from '../../core/routing-codes.ts'
import type { ClientConnection } from '../client/client-connection.ts'
import type { Deadline } from '../deadline.ts'
import type { UpstreamConnection } from '../dynos/upstream-connection.ts'
import { type RequestMarks, renderRequestHead } from '../http/forward-head.ts'
import type { RequestHead } from '../http/request-parser.ts'
import type { ExchangeHost } from './exchange-host.ts'
import { unsentBytes } from './flow.ts'
import { RequestSender } from './request-sender.ts'
import { ResponseRelay } from './response-relay.ts'

/** What passes between a client and the dyno that has its request, and how long their silence is borne. */
export class Transfer {
  readonly sender: RequestSender
  /** Null until there is a dyno. */
  relay: ResponseRelay | null = null
  upstream: UpstreamConnection | null = null
  connectedAt: number | null = null
  wasAnswered = false
  readonly deadline: Deadline
  private readonly host: ExchangeHost
  private readonly client: ClientConnection
  private readonly head: RequestHead
  private hasContinued = false
  /** How much was unsent when last looked at. */
  private unsent = Number.POSITIVE_INFINITY

  constructor(host: ExchangeHost, client: ClientConnection, head: RequestHead, deadline: Deadline) {
    this.host = host
    this.client = client
    this.head = head
    this.deadline = deadline
    this.sender = new RequestSender(head, client.socket)
  }

  /** May the client's connection live on, as far as it is for the client to say? */
  get mayKeepAlive(): boolean {
    return this.head.keepAlive && !this.host.isStopping && this.sender.isReceived
  }

  begin(upstream: UpstreamConnection, marks: RequestMarks): void {
    const { client, head, host, sender } = this
    this.connectedAt = performance.now()
    this.upstream = upstream
    this.touch()
    this.relay = new ResponseRelay({
      request: head,
      client: client.socket,
      dyno: upstream.socket,
      slowReaders: host.slowReaders,
      mayKeepAlive: () => this.mayKeepAlive,
    })
    if (head.expect === 'continue' && !this.hasContinued && !sender.hasBegun) {
      this.hasContinued = true
      client.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
    }
    sender.sendTo(upstream.socket, renderRequestHead(head, client.origin, marks))
    this.awaitFirstByte()
  }

  /** The dyno is no longer this request's. */
  leave(): void {
    this.upstream = null
    this.relay?.release()
  }

  /** Returns what follows the request in the same bytes. Throws `Malformed`. */
  receive(chunk: Buffer): Buffer | null {
    this.touch()
    const rest = this.sender.receive(chunk)
    this.awaitFirstByte()
    return rest
  }

  onClientDrain(): void {
    this.touch()
    this.relay?.release()
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
    const unsent = unsentBytes(client.socket) + (upstream ? unsentBytes(upstream.socket) : 0)
    if (!isWaitingForFirstByte && unsent > 0 && unsent < this.unsent) {
      this.unsent = unsent
      this.touch()
      return null
    }
    if (isWaitingForFirstByte || (!wasAnswered && sender.isBlocked)) return 'H12'
    return !wasAnswered || relay?.isBlocked ? 'H28' : 'H15'
  }

  /** The 30 seconds count from when the dyno has the whole request. */
  private awaitFirstByte(): void {
    if (this.upstream && !this.wasAnswered && this.sender.isSent) this.deadline.restart(this.host.timeouts.firstByteMs)
  }
}

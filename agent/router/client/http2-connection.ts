import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { Deadline } from '../deadline.ts'
import type { Origin } from '../http/forward-head.ts'
import { Malformed } from '../http/header-block.ts'
import { type RequestHead, unreadable } from '../http/request-head.ts'
import { limits } from '../limits.ts'
import type { ClientConnection } from './client-connection.ts'
import type { ClientHost, RouterClient } from './client-host.ts'
import { badRequest } from './error-page.ts'
import { parseHttp2Request } from './http2-request.ts'
import { Http2Stream } from './http2-stream.ts'

const endStream = 0x1

/** A client that speaks HTTP/2: many requests at once, each an exchange of its own. To the dynos they go in HTTP/1.1. */
export class Http2Connection implements RouterClient {
  readonly origin: Origin
  isCounted: boolean
  isUnwelcome = false
  readonly isIdle = false
  private readonly session: ServerHttp2Session
  private readonly socket: Socket
  private readonly host: ClientHost
  private readonly streams = new Set<Http2Stream>()
  private readonly deadline = new Deadline()

  /** Goes on with what a connection has found to be HTTP/2. */
  constructor({ isCounted, origin, socket }: ClientConnection, host: ClientHost) {
    this.socket = socket
    this.origin = origin
    this.isCounted = isCounted
    this.host = host
    this.session = performServerHandshake(socket, {
      settings: { maxConcurrentStreams: limits.streamsPerConnection, maxHeaderListSize: limits.requestHeadBytes },
    })
    this.deadline.restart(host.timeouts.clientIdleMs)
    this.session.on('stream', (stream, _fields, flags, rawFields) => this.onStream(stream, flags, rawFields))
    this.session.on('error', () => {}) // 'close' follows.
    this.session.on('close', () => host.onClosed(this))
  }

  /** The router stops: no new requests, and what is under way goes on. */
  stop(): void {
    this.session.close()
  }

  evict(): void {
    this.forceClose()
  }

  forceClose(): void {
    for (const { user } of [...this.streams]) user?.forceClose()
    this.session.destroy()
    this.socket.destroy()
  }

  sweep(now: number): void {
    for (const { user } of this.streams) user?.sweep(now)
    if (this.streams.size === 0 && this.deadline.isOver(now)) this.session.close()
  }

  private onStream(stream: ServerHttp2Stream, flags: number, rawFields: string[]): void {
    const side = new Http2Stream(stream, this.origin, (closed) => {
      this.streams.delete(closed)
      this.deadline.restart(this.host.timeouts.clientIdleMs)
    })
    this.streams.add(side)
    const head = this.parse(side, rawFields, (flags & endStream) === 0)
    if (!head) return
    const exchange = this.host.openExchange(side, head)
    if (!exchange) return
    side.user = exchange
    exchange.start()
  }

  private parse(side: Http2Stream, rawFields: string[], hasBody: boolean): RequestHead | null {
    try {
      return parseHttp2Request(rawFields, hasBody)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      side.answer(unreadable, badRequest(error.message))
      return null
    }
  }
}

import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { BufferedBytes } from '../buffered-bytes.ts'
import { Deadline } from '../deadline.ts'
import type { Origin } from '../http/forward-head.ts'
import { Malformed } from '../http/header-block.ts'
import { type RequestHead, unreadable } from '../http/request-head.ts'
import { limits, type Timeouts } from '../limits.ts'
import { holdInput } from '../wire.ts'
import type { ClientConnection } from './client-connection.ts'
import type { ClientHost, RouterClient } from './client-host.ts'
import { badRequest } from './error-page.ts'
import { nameHttp2Request, parseHttp2Request } from './http2-request.ts'
import { Http2Stream, type StreamHost } from './http2-stream.ts'

const endStream = 0x1
/** `:method`, `:scheme`, `:authority`, `:path`. */
const pseudoFields = 4

const settings = {
  maxConcurrentStreams: limits.streamsPerConnection,
  maxHeaderListSize: limits.requestHeadBytes,
  initialWindowSize: limits.streamWindowBytes,
}

/** A client that speaks HTTP/2: many requests at once, each an exchange of its own. To the dynos they go in HTTP/1.1. */
export class Http2Connection implements RouterClient, StreamHost {
  readonly origin: Origin
  isCounted: boolean
  readonly isUnwelcome: boolean
  private readonly session: ServerHttp2Session
  private readonly socket: Socket
  private readonly host: ClientHost
  private readonly streams = new Set<Http2Stream>()
  private readonly deadline = new Deadline()
  /** Of requests: what has come and no dyno has taken yet. */
  private keptBytes = 0
  private isHeld = false

  /** Goes on with what a connection has found to be HTTP/2. */
  constructor({ isCounted, isUnwelcome, origin, socket }: ClientConnection, host: ClientHost) {
    this.socket = socket
    this.origin = origin
    this.isCounted = isCounted
    this.isUnwelcome = isUnwelcome
    this.host = host
    this.session = performServerHandshake(socket, {
      settings,
      // Node would take 128 fields, each piece of a cookie one, and send 64 KB of them.
      maxHeaderListPairs: limits.headerCount + pseudoFields,
      maxSendHeaderBlockLength: limits.responseHeadBytes,
      // In MB. What waits for the client is bounded for each answer and for all; with Node's ten no request passes beside ten such answers.
      maxSessionMemory: (2 * limits.allBuffersBytes) / 1024 ** 2,
    })
    // Node gives it back as soon as bytes arrive: it is for those on their way.
    this.session.setLocalWindowSize(limits.connectionWindowBytes)
    this.rest()
    this.session.on('stream', (stream, _fields, flags, rawFields) => this.onStream(stream, flags, rawFields))
    this.session.on('error', () => {}) // 'close' follows.
    this.session.on('close', () => host.onClosed(this))
  }

  get isIdle(): boolean {
    return this.streams.size === 0
  }

  get timeouts(): Timeouts {
    return this.host.timeouts
  }

  get buffered(): BufferedBytes {
    return this.host.buffered
  }

  /** No new requests, and what is under way goes on: the router stops, or the connection is not needed. */
  stop(): void {
    this.session.close()
    if (this.isIdle) this.rest()
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
    this.holdOrRead()
    for (const stream of [...this.streams]) stream.sweep(now)
    if (!this.isIdle || !this.deadline.isOver(now)) return
    // Node waits for the client to end its side too, and some never do.
    if (this.session.closed) this.forceClose()
    else this.stop()
  }

  onStreamClosed(stream: Http2Stream): void {
    this.streams.delete(stream)
    if (this.isUnwelcome) this.stop()
    else this.rest()
  }

  countKept(byBytes: number): boolean {
    this.keptBytes += byBytes
    this.buffered.add(byBytes)
    this.holdOrRead()
    if (byBytes < 0) return true
    // Held, a connection has one read more; with each answer that it is sent Node begins to read again.
    return this.keptBytes <= 2 * limits.connectionWindowBytes && !this.buffered.isOverfull
  }

  /** A window once promised can't be taken back, so the connection itself waits: what it may keep depends on what all others do. */
  private holdOrRead(): void {
    const isOver = this.keptBytes > this.buffered.shareOf(limits.connectionWindowBytes)
    if (isOver || this.isHeld) holdInput(this.socket, isOver)
    this.isHeld = isOver
  }

  /** Nothing is under way, for at most so long. */
  private rest(): void {
    const { clientIdleMs, lingerMs } = this.host.timeouts
    this.deadline.restart(this.session.closed ? lingerMs : clientIdleMs)
  }

  private onStream(stream: ServerHttp2Stream, flags: number, rawFields: string[]): void {
    const side = new Http2Stream(stream, this)
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
      this.host.onMalformed(this.origin, nameHttp2Request(rawFields), error.message)
      side.answer(unreadable, badRequest(error.message))
      return null
    }
  }
}

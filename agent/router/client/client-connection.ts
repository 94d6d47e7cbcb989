import type { Socket } from 'node:net'
import { Deadline } from '../deadline.ts'
import { unsentBytes } from '../exchange/flow.ts'
import type { Origin } from '../http/forward-head.ts'
import { HeadBuffer } from '../http/head-buffer.ts'
import { Malformed } from '../http/header-block.ts'
import { parseRequestHead, type RequestHead } from '../http/request-parser.ts'
import { limits, type Timeouts } from '../limits.ts'
import { badRequest, type ErrorAnswer, renderErrorAnswer, requestTimeout } from './error-page.ts'

/** Whoever has the connection at the moment: an exchange, or a tunnel. */
export interface ClientUser {
  /** Returns what does not belong to it. */
  onClientData(chunk: Buffer): Buffer | null
  onClientDrain(): void
  /** The client sends no more. */
  onClientEnd(): void
  onClientClosed(): void
  sweep(now: number): void
  forceClose(): void
  /** Nothing in what it does says when it will be over. */
  readonly isEndless: boolean
}

export interface ClientHost {
  readonly timeouts: Timeouts
  /** Begins the exchange and makes it the connection's user. `rest` is what came behind the head; returns what is not its own. */
  onRequest(client: ClientConnection, head: RequestHead, rest: Buffer | null): Buffer | null
  onClosed(client: ClientConnection): void
}

const CR = 0x0d
const LF = 0x0a

/** A client's connection: requests one after the other, each handed to an exchange, and the waiting between them. */
export class ClientConnection {
  readonly socket: Socket
  readonly origin: Origin
  user: ClientUser | null = null
  private readonly host: ClientHost
  private readonly head = new HeadBuffer(limits.requestHeadBytes)
  /** Requests that came before the answer to the one in progress. */
  private ahead: Buffer[] = []
  private aheadBytes = 0
  private isReading = false
  private isClosing = false
  private readonly deadline = new Deadline()
  /** How much was unsent when last looked at. */
  private unsent = Number.POSITIVE_INFINITY

  constructor(socket: Socket, origin: Origin, host: ClientHost) {
    this.socket = socket
    this.origin = origin
    this.host = host
    this.deadline.restart(host.timeouts.clientIdleMs)
    socket.on('data', (chunk: Buffer) => this.onData(chunk))
    socket.on('drain', () => this.user?.onClientDrain())
    socket.on('end', () => this.onEnd())
    socket.on('error', () => {}) // 'close' follows.
    socket.on('close', () => {
      this.user?.onClientClosed()
      host.onClosed(this)
    })
  }

  /** Between requests, with nothing of the next one there. */
  get isIdle(): boolean {
    return this.user === null && this.head.isEmpty
  }

  /** The exchange is over; go on with the next request. */
  next(): void {
    this.user = null
    this.unsent = Number.POSITIVE_INFINITY
    this.deadline.restart(this.host.timeouts.clientIdleMs)
    this.socket.resume()
    if (!this.isReading && this.aheadBytes > 0) this.read(this.takeAhead())
  }

  /** The router's own answer instead of a dyno's. */
  answer(head: RequestHead, answer: ErrorAnswer, keepAlive: boolean): void {
    const accept = head.headers.find(({ key }) => key === 'accept')?.value ?? ''
    this.socket.write(renderErrorAnswer(answer, { accept, isHead: head.method === 'HEAD', keepAlive }), 'latin1')
    if (keepAlive) this.next()
    else this.close()
  }

  /** Gives what the client sent ahead to a user that takes everything. */
  releaseAhead(): void {
    if (this.aheadBytes > 0) this.user?.onClientData(this.takeAhead())
    this.socket.resume()
  }

  /** The last answer was given: close, but let the client read it before a reset could take it away. */
  close(): void {
    this.user = null
    this.isClosing = true
    this.ahead = []
    this.aheadBytes = 0
    this.socket.end()
    this.socket.resume()
    this.unsent = Number.POSITIVE_INFINITY
    this.deadline.restart(this.host.timeouts.lingerMs)
  }

  /** Cut off, so that the client knows that what it got is not whole. */
  abort(): void {
    this.user = null
    this.isClosing = true
    this.socket.resetAndDestroy()
  }

  /** The router stops: what is idle ends now, and what is a tunnel would never end. */
  stop(): void {
    if (this.isClosing) return
    if (this.isIdle) this.socket.destroySoon()
    else if (this.user?.isEndless) this.user.forceClose()
  }

  forceClose(): void {
    this.user?.forceClose()
    this.socket.destroy()
  }

  sweep(now: number): void {
    if (this.user) return this.user.sweep(now)
    if (!this.deadline.isOver(now)) return
    const unsent = unsentBytes(this.socket)
    if (unsent > 0 && unsent < this.unsent) {
      // It still reads the answers it got.
      this.unsent = unsent
      this.deadline.restart(this.host.timeouts.idleMs)
    } else if (this.isClosing || this.head.isEmpty) {
      this.socket.destroy()
    } else {
      this.refuse(requestTimeout)
    }
  }

  private onData(chunk: Buffer): void {
    if (this.isClosing) return
    if (!this.user) return this.read(chunk)
    const rest = this.user.onClientData(chunk)
    if (rest) this.keepAhead(rest)
  }

  private read(chunk: Buffer): void {
    this.isReading = true
    let bytes: Buffer | null = this.head.isEmpty ? withoutEmptyLine(chunk) : chunk
    if (this.head.isEmpty) this.deadline.restart(this.host.timeouts.requestHeadMs)
    while (bytes !== null && bytes.length > 0 && !this.user && !this.isClosing) {
      const head = this.parse(bytes)
      if (!head) break
      const rest = this.host.onRequest(this, head, this.head.rest)
      // If the exchange is over already, what came behind it is the next request.
      if (this.user || this.isClosing) {
        if (rest) this.keepAhead(rest)
        break
      }
      bytes = rest
    }
    this.isReading = false
  }

  private parse(bytes: Buffer): RequestHead | null {
    try {
      return this.head.add(bytes) ? parseRequestHead(this.head.text) : null
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.refuse(badRequest(error.message))
      return null
    }
  }

  private refuse(answer: ErrorAnswer): void {
    this.socket.write(renderErrorAnswer(answer, { accept: '', isHead: false, keepAlive: false }), 'latin1')
    this.close()
  }

  private keepAhead(bytes: Buffer): void {
    if (this.isClosing) return
    this.ahead.push(bytes)
    this.aheadBytes += bytes.length
    if (this.aheadBytes > limits.requestBufferBytes) this.socket.pause()
  }

  private takeAhead(): Buffer {
    const bytes = this.ahead.length === 1 ? (this.ahead[0] as Buffer) : Buffer.concat(this.ahead)
    this.ahead = []
    this.aheadBytes = 0
    return bytes
  }

  // NOTE: a client that ends its side is taken as gone, even if it would still listen. The two look alike, and a dyno should not
  // work for nobody.
  private onEnd(): void {
    if (this.user) this.user.onClientEnd()
    else this.socket.destroySoon()
  }
}

/** Some clients send an empty line behind a body; HTTP asks servers to overlook one. */
function withoutEmptyLine(chunk: Buffer): Buffer {
  return chunk[0] === CR && chunk[1] === LF ? chunk.subarray(2) : chunk
}

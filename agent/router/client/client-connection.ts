import type { Socket } from 'node:net'
import { pieceBytes } from '../buffered-bytes.ts'
import { Deadline } from '../deadline.ts'
import type { ClientResponseForm, ClientSide } from '../exchange/client-side.ts'
import { unsentBytes } from '../exchange/flow.ts'
import { type Origin, renderInformational, renderResponseHead } from '../http/forward-head.ts'
import { HeadBuffer } from '../http/head-buffer.ts'
import { Malformed } from '../http/header-block.ts'
import { nameRequest } from '../http/name-request.ts'
import type { RequestHead } from '../http/request-head.ts'
import { parseRequestHead } from '../http/request-parser.ts'
import type { ResponseHead } from '../http/response-parser.ts'
import { sizeOf, writeWhole } from '../lean-write.ts'
import { limits } from '../limits.ts'
import { inFew, keepable, lentBytes } from '../read-buffer.ts'
import { cutOff } from '../wire.ts'
import type { ClientHost, RouterClient } from './client-host.ts'
import type { ClientUser } from './client-user.ts'
import { badRequest, type ErrorAnswer, renderErrorAnswer, requestTimeout } from './error-page.ts'
import { readInto, stopReading } from './lean-socket.ts'

const CR = 0x0d
const LF = 0x0a
/** How a client begins that knows that we speak HTTP/2 (RFC 9113, 3.4), as far as it looks like a head. */
const http2Preface = 'PRI * HTTP/2.0\r\n\r\n'

/** A client's connection: requests one after the other, each handed to an exchange, and the waiting between them. */
export class ClientConnection implements ClientSide, RouterClient {
  readonly socket: Socket
  readonly origin: Origin
  isUnwelcome = false
  isCounted = false
  user: ClientUser | null = null
  private readonly host: ClientHost
  private readonly head: HeadBuffer
  /** Requests that came before the answer to the one in progress. */
  private ahead: Buffer[] = []
  private aheadBytes = 0
  private isReading = false
  private isClosing = false
  private isPaused = false
  private isUnused = true
  private readonly deadline = new Deadline()
  /** How much was unsent when last looked at. */
  private unsent = Number.POSITIVE_INFINITY
  /** Of answers that are over and that the client has not taken yet. */
  private keptBytes = 0

  constructor(socket: Socket, origin: Origin, host: ClientHost) {
    this.socket = socket
    this.origin = origin
    this.host = host
    this.head = new HeadBuffer(limits.requestHeadBytes, host.buffered)
    this.deadline.restart(host.timeouts.clientIdleMs)
    readInto(socket, (chunk) => this.onData(chunk))
    socket.on('drain', () => this.onDrain())
    socket.on('end', () => this.onEnd())
    socket.on('error', () => {}) // 'close' follows.
    socket.on('close', () => this.onClose())
  }

  get waitingBytes(): number {
    return this.socket.writableLength
  }

  get willDrain(): boolean {
    return this.socket.writableNeedDrain
  }

  get unsentBytes(): number {
    return unsentBytes(this.socket)
  }

  /** Between requests, with nothing of the next one there. */
  get isIdle(): boolean {
    return this.user === null && this.head.isEmpty
  }

  pause(): void {
    if (this.isPaused) return
    this.isPaused = true
    this.socket.pause()
  }

  resume(): void {
    if (!this.isPaused) return
    this.isPaused = false
    this.socket.resume()
  }

  sendContinue(): void {
    this.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
  }

  sendInformational(head: ResponseHead): void {
    this.socket.write(renderInformational(head), 'latin1')
  }

  respond(request: RequestHead, head: ResponseHead, form: ClientResponseForm, pieces: readonly Buffer[]): void {
    const { socket } = this
    const connection = head.status === 101 ? 'upgrade' : form.keepAlive ? 'keep-alive' : 'close'
    const minorVersion = request.protocol === 'http1.0' ? 0 : 1
    const text = renderResponseHead(head, { minorVersion, chunked: form.chunked, connection })
    if (sizeOf(pieces) <= lentBytes) {
      writeWhole(socket, text, pieces)
      return
    }
    socket.cork()
    socket.write(text, 'latin1')
    for (const piece of inFew(pieces)) socket.write(piece)
    socket.uncork()
  }

  send(pieces: readonly Buffer[]): void {
    // What is small is lent, and copied in one.
    if (sizeOf(pieces) <= lentBytes) this.socket.write(Buffer.concat(pieces))
    else for (const piece of inFew(pieces)) this.socket.write(piece)
  }

  finish(keepAlive: boolean): void {
    if (keepAlive) this.next()
    else this.close()
  }

  answer(request: RequestHead, answer: ErrorAnswer, keepAlive: boolean): void {
    const form = { accept: request.accept, isHead: request.method === 'HEAD', keepAlive }
    this.socket.write(renderErrorAnswer(answer, form), 'latin1')
    this.finish(keepAlive)
  }

  /** Cut off, so that the client knows that what it got is not whole. */
  abort(): void {
    this.user = null
    this.isClosing = true
    cutOff(this.socket)
  }

  takeOver(user: ClientUser): Socket {
    this.user = user
    return this.socket
  }

  releaseAhead(): void {
    if (this.aheadBytes > 0) this.user?.onClientData(this.takeAhead())
    this.resume()
  }

  /** Makes room for another. */
  evict(): void {
    this.isClosing = true
    this.socket.destroy()
  }

  /** The router stops: what is idle ends now, and what is a tunnel would never end. */
  stop(): void {
    if (this.isClosing) return
    // Whoever has just come has a request to make.
    if (this.isIdle && this.isUnused) this.deadline.restart(this.host.timeouts.lingerMs)
    else if (this.isIdle) this.socket.destroySoon()
    else if (this.user?.isEndless) this.user.forceClose()
  }

  forceClose(): void {
    this.user?.forceClose()
    this.socket.destroy()
  }

  sweep(now: number): void {
    if (this.user) return this.user.sweep(now)
    if (!this.deadline.isOver(now)) return
    const { unsentBytes: unsent } = this
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

  /** Answers what is no request, and ends. */
  refuse(answer: ErrorAnswer): void {
    this.socket.write(renderErrorAnswer(answer, { accept: '', isHead: false, keepAlive: false }), 'latin1')
    this.close()
  }

  private onDrain(): void {
    this.countKept(0)
    this.user?.onClientDrain()
  }

  /** What waits for a slow client still does when its exchange is over. */
  private countKept(bytes: number): void {
    if (bytes === this.keptBytes) return
    this.host.buffered.add(bytes - this.keptBytes)
    this.keptBytes = bytes
  }

  /** The exchange is over; go on with the next request. */
  private next(): void {
    this.user = null
    // With less than that nobody is told when it is gone.
    this.countKept(this.willDrain ? this.waitingBytes : 0)
    this.unsent = Number.POSITIVE_INFINITY
    this.deadline.restart(this.host.timeouts.clientIdleMs)
    this.resume()
    if (!this.isReading && this.aheadBytes > 0) this.read(this.takeAhead())
  }

  /** The last answer was given: close, but let the client read it before a reset could take it away. */
  private close(): void {
    this.user = null
    this.isClosing = true
    this.head.clear()
    this.takeAhead()
    this.countKept(this.socket.writableLength)
    this.socket.end()
    this.resume()
    this.unsent = Number.POSITIVE_INFINITY
    this.deadline.restart(this.host.timeouts.lingerMs)
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
      const rest = this.begin(head)
      // If the exchange is over already, what came behind it is the next request.
      if (this.user || this.isClosing) {
        if (rest) this.keepAhead(rest)
        break
      }
      bytes = rest
    }
    this.isReading = false
  }

  /** Returns what came behind the request. */
  private begin(head: RequestHead): Buffer | null {
    const { rest } = this.head
    const exchange = this.host.openExchange(this, head)
    if (!exchange) return rest
    this.user = exchange
    const ahead = rest && exchange.onClientData(rest)
    exchange.start()
    return ahead
  }

  private parse(bytes: Buffer): RequestHead | null {
    let text: string | null = null
    try {
      text = this.head.add(bytes)
      if (text === null) return null
      if (this.isUnused && text === http2Preface) {
        const read = Buffer.concat([Buffer.from(http2Preface, 'latin1'), this.head.rest ?? nothing])
        this.giveToHttp2()
        this.socket.unshift(read)
        return null
      }
      this.isUnused = false
      return parseRequestHead(text)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      if (text !== null) this.host.onMalformed(this.origin, nameRequest(text), error.message)
      this.refuse(badRequest(error.message))
      return null
    }
  }

  /** From here on another speaks with this client; nothing of this connection's is left behind. */
  giveToHttp2(): void {
    const { host, socket } = this
    for (const event of ['drain', 'end', 'error', 'close']) socket.removeAllListeners(event)
    stopReading(socket)
    this.isClosing = true
    host.onHttp2(this)
  }

  private keepAhead(bytes: Buffer): void {
    if (this.isClosing) return
    this.ahead.push(keepable(bytes))
    this.aheadBytes += bytes.length + pieceBytes
    this.host.buffered.add(bytes.length + pieceBytes)
    if (this.aheadBytes > this.host.buffered.shareOf(limits.requestBufferBytes)) this.pause()
  }

  private takeAhead(): Buffer {
    const bytes = this.ahead.length === 1 ? (this.ahead[0] as Buffer) : Buffer.concat(this.ahead)
    this.host.buffered.remove(this.aheadBytes)
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

  private onClose(): void {
    this.user?.onClientClosed()
    this.user = null
    this.head.clear()
    this.takeAhead()
    this.countKept(0)
    this.host.onClosed(this)
  }
}

const nothing = Buffer.alloc(0)

/** Some clients send an empty line behind a body; HTTP asks servers to overlook one. */
function withoutEmptyLine(chunk: Buffer): Buffer {
  return chunk[0] === CR && chunk[1] === LF ? chunk.subarray(2) : chunk
}

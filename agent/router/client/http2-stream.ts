import type { OutgoingHttpHeaders, ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2'
import type { Socket } from 'node:net'
import type { BufferedBytes } from '../buffered-bytes.ts'
import { Deadline } from '../deadline.ts'
import type { ClientResponseForm, ClientSide } from '../exchange/client-side.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Origin } from '../http/forward-head.ts'
import { Malformed } from '../http/header-block.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { ResponseHead } from '../http/response-parser.ts'
import type { Timeouts } from '../limits.ts'
import { type ErrorAnswer, errorFields, renderErrorBody } from './error-page.ts'
import { http2FieldsOf, http2TrailersOf } from './http2-response.ts'
import { followKept } from './kept-input.ts'

// RFC 9113, 7
const noError = 0
const internalError = 2
const cancel = 8

/** The connection of a stream, as far as it concerns it. */
export interface StreamHost {
  readonly origin: Origin
  readonly isUnwelcome: boolean
  readonly timeouts: Timeouts
  readonly buffered: BufferedBytes
  onStreamClosed(stream: Http2Stream): void
  /** So much more of requests waits for dynos, or less. False when there is no room for it. */
  countKept(byBytes: number): boolean
}

/** One request of a client that speaks HTTP/2. */
export class Http2Stream implements ClientSide {
  readonly origin: Origin
  readonly isUnwelcome: boolean
  user: Exchange | null = null
  private readonly stream: ServerHttp2Stream
  private readonly host: StreamHost
  /** Sent when the response is whole; until then the stream's end would make a broken response look like a whole one. */
  private trailers: OutgoingHttpHeaders | null = null
  /** For what the client has not taken yet when its exchange is over. */
  private readonly deadline = new Deadline()
  /** How much that was when last looked at. */
  private unsent = Number.POSITIVE_INFINITY
  /** Of what is left then. */
  private keptBytes = 0

  constructor(stream: ServerHttp2Stream, host: StreamHost) {
    this.stream = stream
    this.host = host
    this.origin = host.origin
    this.isUnwelcome = host.isUnwelcome
    followKept(stream, (byBytes) => !host.countKept(byBytes) && this.user?.onCrowded())
    stream.on('data', (chunk: Buffer) => this.user?.onClientData(chunk))
    // A stream that was given up ends too, and what came of its request is not whole.
    stream.on('end', () => !stream.closed && this.user?.onRequestEnd())
    stream.on('drain', () => this.user?.onClientDrain())
    stream.on('wantTrailers', () => this.trailers && stream.sendTrailers(this.trailers))
    stream.on('error', () => {}) // 'close' follows.
    stream.on('close', () => this.onClose())
  }

  get waitingBytes(): number {
    return this.stream.writableLength
  }

  get willDrain(): boolean {
    return this.stream.writableNeedDrain
  }

  get unsentBytes(): number {
    return this.stream.writableLength
  }

  pause(): void {
    this.stream.pause()
  }

  resume(): void {
    this.stream.resume()
  }

  sweep(now: number): void {
    if (this.user) return this.user.sweep(now)
    if (!this.deadline.isOver(now)) return
    const { stream, unsentBytes } = this
    if (unsentBytes > 0 && unsentBytes < this.unsent) {
      // It still reads the answer it got.
      this.unsent = unsentBytes
      this.deadline.restart(this.host.timeouts.idleMs)
    } else if (unsentBytes === 0 && !stream.closed) {
      // It has its answer, and what it still sends is for nobody (RFC 9113, 8.1).
      stream.close(noError)
    } else {
      stream.close(internalError)
      // What the client takes no more of is not kept for it.
      stream.destroy()
    }
  }

  sendContinue(): void {
    if (!this.stream.closed) this.stream.additionalHeaders({ ':status': 100 })
  }

  sendInformational(head: ResponseHead): void {
    if (!this.stream.closed) obey(() => this.stream.additionalHeaders(http2FieldsOf(head)))
  }

  respond(_request: RequestHead, head: ResponseHead, _form: ClientResponseForm, pieces: readonly Buffer[]): void {
    if (this.stream.closed) return
    obey(() => this.stream.respond(http2FieldsOf(head), responseOptions))
    this.send(pieces)
  }

  send(pieces: readonly Buffer[]): void {
    // Copied, since what is small is lent.
    if (pieces.length > 0 && this.stream.writable) this.stream.write(Buffer.concat(pieces))
  }

  finish(_keepAlive: boolean, trailers: string): void {
    const { stream } = this
    this.user = null
    this.trailers = http2TrailersOf(trailers)
    stream.end()
    // Until then the client may go on sending: its end of the answer must not be overtaken by that of the stream.
    stream.resume()
    this.deadline.restart(stream.readableEnded ? this.host.timeouts.idleMs : this.host.timeouts.lingerMs)
    this.keptBytes = stream.writableLength
    this.host.buffered.add(this.keptBytes)
  }

  answer(request: RequestHead, answer: ErrorAnswer): void {
    this.user = null
    const { stream } = this
    if (stream.closed) return
    const body = renderErrorBody(answer, request.accept)
    stream.respond({ ':status': answer.status, ...errorFields(body, answer), via: '2.0 hearth-router' })
    if (request.method !== 'HEAD') stream.write(body.text, 'latin1')
    this.finish(true, '')
  }

  abort(): void {
    this.user = null
    this.unsent = 0
    this.stream.close(internalError)
  }

  /** No protocol is switched within HTTP/2: its requests have no Upgrade. */
  takeOver(): Socket {
    throw new Error('A stream of HTTP/2 can not become a tunnel.')
  }

  releaseAhead(): void {}

  private onClose(): void {
    const { host, keptBytes, stream, user } = this
    this.user = null
    this.keptBytes = 0
    host.buffered.remove(keptBytes)
    host.onStreamClosed(this)
    if (isWanted(stream.rstCode)) user?.onClientClosed()
    else user?.onStreamBroken()
  }
}

/** `sendDate` is documented, and not in the types; the date is the dyno's to say. */
const responseOptions = { waitForTrailers: true, sendDate: false } as ServerStreamResponseOptions

/** What a dyno said and Node's HTTP/2 refuses to send is the dyno's fault; thrown on, it would end the router. Throws `Malformed`. */
function obey(send: () => void): void {
  try {
    send()
  } catch (error) {
    throw new Malformed((error as Error).message)
  }
}

/** The client needs it no longer; anything else is somebody's fault. */
const isWanted = (code: number | undefined): boolean => code === noError || code === cancel || code === undefined

import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { ClientResponseForm, ClientSide } from '../exchange/client-side.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Origin } from '../http/forward-head.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { ResponseHead } from '../http/response-parser.ts'
import { type ErrorAnswer, errorFields, renderErrorBody } from './error-page.ts'
import { http2FieldsOf, http2TrailersOf } from './http2-response.ts'

// RFC 9113, 7
const noError = 0
const internalError = 2
const refusedStream = 7
const cancel = 8

/** One request of a client that speaks HTTP/2. */
export class Http2Stream implements ClientSide {
  readonly origin: Origin
  readonly isUnwelcome = false
  user: Exchange | null = null
  private readonly stream: ServerHttp2Stream
  /** Sent when the response is whole; until then the stream's end would make a broken response look like a whole one. */
  private trailers: OutgoingHttpHeaders | null = null

  constructor(stream: ServerHttp2Stream, origin: Origin, onClosed: (stream: Http2Stream) => void) {
    this.stream = stream
    this.origin = origin
    stream.on('data', (chunk: Buffer) => this.user?.onClientData(chunk))
    stream.on('end', () => this.user?.onRequestEnd())
    stream.on('drain', () => this.user?.onClientDrain())
    stream.on('wantTrailers', () => this.trailers && stream.sendTrailers(this.trailers))
    stream.on('error', () => {}) // 'close' follows.
    stream.on('close', () => {
      const { user } = this
      this.user = null
      onClosed(this)
      if (isWanted(stream.rstCode)) user?.onClientClosed()
      else user?.onStreamBroken()
    })
  }

  get waitingBytes(): number {
    return this.stream.writableLength
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

  sendContinue(): void {
    this.stream.additionalHeaders({ ':status': 100 })
  }

  sendInformational(head: ResponseHead): void {
    this.stream.additionalHeaders(http2FieldsOf(head))
  }

  respond(_request: RequestHead, head: ResponseHead, _form: ClientResponseForm, pieces: readonly Buffer[]): void {
    if (this.stream.closed) return
    this.stream.respond(http2FieldsOf(head), { waitForTrailers: true })
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
    // What the client still sends is for nobody (RFC 9113, 8.1).
    if (!stream.readableEnded) stream.resume().once('finish', () => stream.close(noError))
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
    this.stream.close(internalError)
  }

  /** The router stops before it did anything for this request: it may be asked elsewhere. */
  refuse(): void {
    this.stream.close(refusedStream)
  }

  /** No protocol is switched within HTTP/2: its requests have no Upgrade. */
  takeOver(): Socket {
    throw new Error('A stream of HTTP/2 can not become a tunnel.')
  }

  releaseAhead(): void {}
}

/** The client needs it no longer; anything else is somebody's fault. */
const isWanted = (code: number | undefined): boolean => code === noError || code === cancel || code === undefined

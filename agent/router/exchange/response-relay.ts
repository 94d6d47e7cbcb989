import type { Socket } from 'node:net'
import type { BufferedBytes } from '../buffered-bytes.ts'
import { type BodyReader, openResponseBody } from '../http/body.ts'
import { HeadBuffer } from '../http/head-buffer.ts'
import { Malformed } from '../http/header-block.ts'
import type { RequestHead } from '../http/request-head.ts'
import { parseResponseHead, type ResponseHead, RestrictionBroken } from '../http/response-parser.ts'
import { limits } from '../limits.ts'
import type { ClientSide } from './client-side.ts'

/** A hint costs the same however short it is: so much is counted for it. */
const smallestHintBytes = 1024

/** Takes a response from the dyno and gives it to the client; a slow client gets a buffer, and then the dyno waits. */
export class ResponseRelay {
  /** Set once the final head was passed on; from then on nothing else can be said to the client. */
  head: ResponseHead | null = null
  keepAlive = false
  /** The dyno said more than the response: what it says on this connection can't be trusted any more. */
  hasExcess = false
  /** The dyno waits for the client. */
  isBlocked = false
  /** The dyno was asked for `100 Continue`, and the client waits for it. */
  passesContinue = false
  /** Added to what the dyno says, unless it says something of the kind itself. */
  strictLine = ''
  /** Has the client come back to its dyno. */
  affinityLine = ''
  /** What the dyno sent behind the head of a 101. */
  tunnelled: Buffer | null = null
  private readonly buffered: BufferedBytes
  private readonly headBuffer: HeadBuffer
  private readonly pieces: Buffer[] = []
  private request: RequestHead | null = null
  private client: ClientSide | null = null
  private dyno: Socket | null = null
  private body: BodyReader | null = null
  private blockedBytes = 0
  /** Of the heads before the final one. */
  private informationalBytes = 0

  constructor(buffered: BufferedBytes) {
    this.buffered = buffered
    this.headBuffer = new HeadBuffer(limits.responseHeadBytes, buffered)
  }

  begin(request: RequestHead, client: ClientSide, dyno: Socket): void {
    this.request = request
    this.client = client
    this.dyno = dyno
  }

  /** Forgets the exchange before. */
  reset(): void {
    this.release()
    this.headBuffer.clear()
    this.pieces.length = 0
    this.head = null
    this.keepAlive = false
    this.hasExcess = false
    this.passesContinue = false
    this.strictLine = ''
    this.affinityLine = ''
    this.tunnelled = null
    this.informationalBytes = 0
    this.request = null
    this.client = null
    this.dyno = null
    this.body = null
  }

  get trailers(): string {
    return this.body?.trailers ?? ''
  }

  get bytes(): number {
    return this.body?.contentBytes ?? 0
  }

  /**
   * Throws `Malformed` or `RestrictionBroken`. `mayKeepAlive` says whether the client's connection may live on, as far as it is for the
   * request to say.
   */
  receive(chunk: Buffer, mayKeepAlive: boolean): 'more' | 'complete' | 'switched' {
    const { request, client } = this
    if (!request || !client) return 'more'
    if (this.body) return this.relay(client, this.body, chunk)
    let bytes: Buffer | null = chunk
    while (bytes !== null) {
      const text = this.headBuffer.add(bytes)
      if (text === null) return 'more'
      const head = parseResponseHead(text, request.method)
      bytes = this.headBuffer.rest
      if (head.status === 101) return this.switchProtocol(request, client, head, bytes)
      if (head.status >= 200) return this.respond(request, client, { head, bytes: bytes ?? nothing, mayKeepAlive })
      this.informationalBytes += Math.max(text.length, smallestHintBytes)
      // Nobody waits for the client to read them, so there has to be an end.
      if (this.informationalBytes > limits.responseHeadBytes) throw new RestrictionBroken('oversized header')
      this.passInformational(request, client, head)
    }
    return 'more'
  }

  /** The dyno sends no more: true if that is how this response ends. */
  end(): boolean {
    return this.head?.framing.kind === 'until-close'
  }

  /** The client can take more, or this response needs it no longer. */
  release(): void {
    if (!this.isBlocked) return
    this.isBlocked = false
    this.buffered.remove(this.blockedBytes)
    this.blockedBytes = 0
    this.dyno?.resume()
  }

  private respond(
    request: RequestHead,
    client: ClientSide,
    { head, bytes, mayKeepAlive }: { head: ResponseHead; bytes: Buffer; mayKeepAlive: boolean },
  ): 'more' | 'complete' {
    // Node's HTTP/2 says no others, as there are none (RFC 9110, 15).
    if (head.status > 599 && request.protocol === 'http2.0') throw new Malformed('a status beyond 599')
    const isChunked = head.framing.kind === 'chunked'
    const chunked = isChunked && request.protocol === 'http1.1'
    const isEndSeen = request.protocol === 'http2.0' || (head.framing.kind !== 'until-close' && chunked === isChunked)
    this.keepAlive = isEndSeen && mayKeepAlive
    this.head = head
    const body = openResponseBody(head.framing, !chunked)
    this.body = body
    const { pieces } = this
    pieces.length = 0
    const end = body.read(bytes, 0, pieces)
    client.respond(request, this.addLines(head), { chunked, keepAlive: this.keepAlive }, pieces)
    return this.judge(client, body, end < bytes.length)
  }

  private addLines(head: ResponseHead): ResponseHead {
    const { affinityLine, strictLine } = this
    if (affinityLine === '' && strictLine === '') return head
    const isStrict = strictLine === '' || /\r\nstrict-transport-security:/i.test(head.lines)
    return { ...head, lines: head.lines + affinityLine + (isStrict ? '' : strictLine) }
  }

  private relay(client: ClientSide, body: BodyReader, chunk: Buffer): 'more' | 'complete' {
    const { pieces } = this
    pieces.length = 0
    const end = body.read(chunk, 0, pieces)
    client.send(pieces)
    return this.judge(client, body, end < chunk.length)
  }

  private judge(client: ClientSide, body: BodyReader, hasExcess: boolean): 'more' | 'complete' {
    if (body.isDone) {
      this.hasExcess = hasExcess
      return 'complete'
    }
    const { waitingBytes } = client
    if (waitingBytes === 0 || this.isBlocked || waitingBytes <= this.buffered.shareOf(limits.responseBufferBytes)) {
      return 'more'
    }
    // Whatever the share is: nobody would tell that the dyno may go on.
    if (!client.willDrain) return 'more'
    this.isBlocked = true
    this.blockedBytes = waitingBytes
    this.buffered.add(waitingBytes)
    this.dyno?.pause()
    return 'more'
  }

  private passInformational(request: RequestHead, client: ClientSide, head: ResponseHead): void {
    // Usually 100 was the router's own business, and HTTP/1.0 knows nothing of the kind.
    if (head.status !== 100 && request.protocol !== 'http1.0') client.sendInformational(head)
    else if (head.status === 100 && this.passesContinue) client.sendContinue()
  }

  private switchProtocol(
    request: RequestHead,
    client: ClientSide,
    head: ResponseHead,
    bytes: Buffer | null,
  ): 'switched' {
    if (request.upgrade === null) throw new Malformed('a protocol switch that nobody asked for')
    this.head = head
    this.tunnelled = bytes
    client.respond(request, head, { chunked: false, keepAlive: true }, [])
    return 'switched'
  }
}

const nothing = Buffer.alloc(0)

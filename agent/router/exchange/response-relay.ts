import type { Socket } from 'node:net'
import { type BodyReader, openBody } from '../http/body.ts'
import { renderInformational, renderResponseHead } from '../http/forward-head.ts'
import { HeadBuffer } from '../http/head-buffer.ts'
import { Malformed } from '../http/header-block.ts'
import type { RequestHead } from '../http/request-parser.ts'
import { parseResponseHead, type ResponseHead } from '../http/response-parser.ts'
import { limits } from '../limits.ts'
import type { SlowReaders } from './slow-readers.ts'

/** Up to this size a head and the body's beginning are cheaper as one copy than as two writes. */
const joinBytes = 16 * 1024

export interface RelayedResponse {
  readonly request: RequestHead
  readonly client: Socket
  readonly dyno: Socket
  readonly slowReaders: SlowReaders
  /** Asked when the head is there: may the client's connection live on? */
  mayKeepAlive(): boolean
}

/** Takes a response from the dyno and gives it to the client; a slow client gets a buffer, and then the dyno waits. */
export class ResponseRelay {
  /** Set once the final head was passed on; from then on nothing else can be said to the client. */
  head: ResponseHead | null = null
  keepAlive = false
  /** The dyno said more than the response: what it says on this connection can't be trusted any more. */
  hasExcess = false
  /** The dyno waits for the client. */
  isBlocked = false
  /** What the dyno sent behind the head of a 101. */
  tunnelled: Buffer | null = null
  private readonly response: RelayedResponse
  private readonly headBuffer = new HeadBuffer(limits.responseHeadBytes)
  private body: BodyReader | null = null

  constructor(response: RelayedResponse) {
    this.response = response
  }

  get bytes(): number {
    return this.body?.contentBytes ?? 0
  }

  /** Throws `Malformed` or `RestrictionBroken`. */
  receive(chunk: Buffer): 'more' | 'complete' | 'switched' {
    if (this.body) return this.relay(this.body, chunk, '')
    let bytes: Buffer | null = chunk
    while (bytes !== null) {
      if (!this.headBuffer.add(bytes)) return 'more'
      const head = parseResponseHead(this.headBuffer.text, this.response.request.method)
      bytes = this.headBuffer.rest
      if (head.status === 101) return this.switchProtocol(head, bytes)
      if (head.status >= 200) return this.begin(head, bytes)
      this.passInformational(head)
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
    this.response.slowReaders.remove()
    this.response.dyno.resume()
  }

  private begin(head: ResponseHead, bytes: Buffer | null): 'more' | 'complete' {
    const { request } = this.response
    const unchunk = head.framing.kind === 'chunked' && request.minorVersion === 0
    this.keepAlive = !unchunk && head.framing.kind !== 'until-close' && this.response.mayKeepAlive()
    this.head = head
    this.body = openBody(head.framing, unchunk)
    const text = renderResponseHead(head, {
      minorVersion: request.minorVersion,
      chunked: head.framing.kind === 'chunked' && !unchunk,
      connection: this.keepAlive ? 'keep-alive' : 'close',
    })
    return this.relay(this.body, bytes ?? nothing, text)
  }

  private relay(body: BodyReader, chunk: Buffer, head: string): 'more' | 'complete' {
    const pieces: Buffer[] = []
    const end = body.read(chunk, 0, pieces)
    this.write(head, pieces)
    if (!body.isDone) return 'more'
    if (end < chunk.length) this.hasExcess = true
    return 'complete'
  }

  private write(head: string, pieces: readonly Buffer[]): void {
    const { client, dyno, slowReaders } = this.response
    const [first] = pieces
    if (head === '') {
      for (const piece of pieces) client.write(piece)
    } else if (!first) {
      client.write(head, 'latin1')
    } else if (pieces.length === 1 && first.length <= joinBytes) {
      client.write(head + first.toString('latin1'), 'latin1')
    } else {
      client.cork()
      client.write(head, 'latin1')
      for (const piece of pieces) client.write(piece)
      client.uncork()
    }
    if (this.isBlocked || client.writableLength <= slowReaders.bufferBytes) return
    this.isBlocked = true
    slowReaders.add()
    dyno.pause()
  }

  private passInformational(head: ResponseHead): void {
    // 100 was the router's own business, and HTTP/1.0 knows nothing of the kind.
    if (head.status === 100 || this.response.request.minorVersion === 0) return
    this.response.client.write(renderInformational(head), 'latin1')
  }

  private switchProtocol(head: ResponseHead, bytes: Buffer | null): 'switched' {
    if (this.response.request.upgrade === null) throw new Malformed('a protocol switch that nobody asked for')
    this.head = head
    this.tunnelled = bytes
    this.response.client.write(
      renderResponseHead(head, { minorVersion: 1, chunked: false, connection: 'upgrade' }),
      'latin1',
    )
    return 'switched'
  }
}

const nothing = Buffer.alloc(0)

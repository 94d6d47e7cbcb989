import { ChunkedBody } from './chunked-body.ts'
import { Malformed } from './header-block.ts'
import type { RequestFraming } from './request-head.ts'
import type { ResponseFraming } from './response-parser.ts'

/** Finds where a body ends, and passes on what belongs to it. */
export interface BodyReader {
  readonly isDone: boolean
  /** Bytes of content so far, without the framing. */
  readonly contentBytes: number
  /** Of chunks whose content alone goes on: the lines behind them. */
  readonly trailers?: string
  /**
   * Reads from `input` at `start`, adds to `pieces` what goes on to the other side, and returns the place behind the last byte that
   * belongs to this body. Throws `Malformed`.
   */
  read(input: Buffer, start: number, pieces: Buffer[]): number
  /** The sender says that this was all. Throws `Malformed` if it can't be. */
  end?(pieces: Buffer[]): void
}

/** `isFramedOutside`: the bytes are content alone (HTTP/2 frames them), and go on in the framing that the head announces. */
export function openRequestBody(framing: RequestFraming, isFramedOutside: boolean): BodyReader {
  if (framing.kind === 'chunked') return isFramedOutside ? new UnframedBody() : new ChunkedBody(false)
  return framing.kind === 'none' ? emptyBody : new SizedBody(framing.length)
}

/** `contentOnly` is for receivers that don't know chunks. */
export function openResponseBody(framing: ResponseFraming, contentOnly: boolean): BodyReader {
  switch (framing.kind) {
    case 'none':
      return emptyBody
    case 'length':
      return framing.length === 0 ? emptyBody : new SizedBody(framing.length)
    case 'chunked':
      return new ChunkedBody(contentOnly)
    case 'until-close':
      return new SizedBody(Number.POSITIVE_INFINITY)
  }
}

const emptyBody: BodyReader = { isDone: true, contentBytes: 0, read: (_input, start) => start }

class SizedBody implements BodyReader {
  contentBytes = 0
  private remaining: number

  constructor(length: number) {
    this.remaining = length
  }

  get isDone(): boolean {
    return this.remaining === 0
  }

  read(input: Buffer, start: number, pieces: Buffer[]): number {
    const size = Math.min(this.remaining, input.length - start)
    if (size === 0) return start
    this.remaining -= size
    this.contentBytes += size
    pieces.push(size === input.length ? input : input.subarray(start, start + size))
    return start + size
  }

  end(): void {
    if (this.remaining > 0) throw new Malformed('body shorter than its Content-Length')
  }
}

/** Content of unknown length that something else frames on the way here: each piece becomes a chunk. */
class UnframedBody implements BodyReader {
  contentBytes = 0
  isDone = false

  read(input: Buffer, start: number, pieces: Buffer[]): number {
    const size = input.length - start
    if (size === 0) return start
    this.contentBytes += size
    pieces.push(Buffer.from(`${size.toString(16)}\r\n`), start === 0 ? input : input.subarray(start), lineEnd)
    return input.length
  }

  end(pieces: Buffer[]): void {
    if (this.isDone) return
    this.isDone = true
    pieces.push(lastChunk)
  }
}

const lineEnd = Buffer.from('\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')

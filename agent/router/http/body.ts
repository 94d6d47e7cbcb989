import { ChunkedBody } from './chunked-body.ts'

/** Finds where a body ends, and passes on what belongs to it. */
export interface BodyReader {
  readonly isDone: boolean
  /** Bytes of content so far, without the framing. */
  readonly contentBytes: number
  /**
   * Reads from `input` at `start`, adds to `pieces` what goes on to the other side, and returns the place behind the last byte that
   * belongs to this body. Throws `Malformed`.
   */
  read(input: Buffer, start: number, pieces: Buffer[]): number
}

type Framing = { kind: 'none' } | { kind: 'length'; length: number } | { kind: 'chunked' } | { kind: 'until-close' }

/** `unchunk` passes on the content alone, for receivers that don't know chunks. */
export function openBody(framing: Framing, unchunk = false): BodyReader {
  switch (framing.kind) {
    case 'none':
      return emptyBody
    case 'length':
      return framing.length === 0 ? emptyBody : new SizedBody(framing.length)
    case 'chunked':
      return new ChunkedBody(unchunk)
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
}

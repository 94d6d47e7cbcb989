import type { BufferedBytes } from '../buffered-bytes.ts'
import { Malformed } from './header-block.ts'

const endText = '\r\n\r\n'
const endOfHead = Buffer.from(endText)
/** Of a text so small the search costs nothing. */
const smallBytes = 2048
const LF = 0x0a
const CR = 0x0d
const firstBytes = 4096

/** Collects the bytes of a request's or response's head. What comes in drops is neither scanned nor copied anew with each drop. */
export class HeadBuffer {
  /** What followed the head in the same bytes; null when nothing did. */
  rest: Buffer | null = null
  private readonly maxBytes: number
  private readonly buffered: BufferedBytes
  /** Null while nothing of a head is there. */
  private pending: Buffer | null = null
  private length = 0

  constructor(maxBytes: number, buffered: BufferedBytes) {
    this.maxBytes = maxBytes
    this.buffered = buffered
  }

  get isEmpty(): boolean {
    return this.pending === null
  }

  /** The head with its final empty line, once it is complete. Throws `Malformed`. */
  add(chunk: Buffer): string | null {
    return this.findWhole(chunk) ?? this.collect(chunk)
  }

  /** Nearly always a head comes in one piece with little behind it; V8 searches a text faster than Node searches bytes. */
  private findWhole(chunk: Buffer): string | null {
    if (this.pending !== null || chunk.length > Math.min(smallBytes, this.maxBytes)) return null
    const text = chunk.toString('latin1')
    const end = text.indexOf(endText)
    if (end < 0) return null
    const headLength = end + endText.length
    this.rest = headLength < text.length ? chunk.subarray(headLength) : null
    return text.slice(0, headLength)
  }

  private collect(chunk: Buffer): string | null {
    const scanned = this.length
    const bytes = this.pending === null ? chunk : this.keep(chunk)
    const length = scanned + chunk.length
    const end = bytes.subarray(0, length).indexOf(endOfHead, Math.max(0, scanned - 3))
    if (end < 0) {
      refuseBareLineFeed(bytes, scanned, length)
      if (length > this.maxBytes || (this.buffered.isFull && length > firstBytes)) throw new Malformed('head too long')
      if (this.pending === null) this.keep(chunk)
      return null
    }
    const headLength = end + endOfHead.length
    if (headLength > this.maxBytes) throw new Malformed('head too long')
    this.clear()
    this.rest = headLength < length ? bytes.subarray(headLength, length) : null
    return bytes.toString('latin1', 0, headLength)
  }

  /** Forgets what is there of a head. */
  clear(): void {
    this.rest = null
    this.length = 0
    if (this.pending === null) return
    this.buffered.remove(this.pending.length)
    this.pending = null
  }

  /** Doubles its room when that is full: a head that comes byte by byte costs no more than one that comes at once. */
  private keep(chunk: Buffer): Buffer {
    const length = this.length + chunk.length
    let { pending } = this
    if (pending === null || pending.length < length) {
      const before = pending?.length ?? 0
      const room = Buffer.allocUnsafeSlow(Math.max(firstBytes, length, 2 * before))
      this.buffered.add(room.length - before)
      pending?.copy(room, 0, 0, this.length)
      pending = room
      this.pending = room
    }
    chunk.copy(pending, this.length)
    this.length = length
    return pending
  }
}

// Whoever ends lines with LF alone would never complete a head: say so now instead of waiting for it.
function refuseBareLineFeed(bytes: Buffer, start: number, end: number): void {
  for (let at = bytes.indexOf(LF, start); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) {
    if (at === 0 || bytes[at - 1] !== CR) throw new Malformed('line feed without carriage return')
  }
}

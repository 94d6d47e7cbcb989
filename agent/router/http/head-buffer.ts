import { Malformed } from './header-block.ts'

const endOfHead = Buffer.from('\r\n\r\n')
const LF = 0x0a
const CR = 0x0d

/** Collects the bytes of a request's or response's head. What comes in drops is not scanned anew with each drop. */
export class HeadBuffer {
  /** The head with its final empty line, once `add` said that it is complete. */
  text = ''
  /** What followed the head in the same bytes; null when nothing did. */
  rest: Buffer | null = null
  private readonly maxBytes: number
  private pending: Buffer | null = null

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get isEmpty(): boolean {
    return this.pending === null
  }

  /** True when the head is complete. */
  add(chunk: Buffer): boolean {
    const scanned = this.pending?.length ?? 0
    const bytes = this.pending === null ? chunk : Buffer.concat([this.pending, chunk])
    const end = bytes.indexOf(endOfHead, Math.max(0, scanned - 3))
    if (end < 0) {
      refuseBareLineFeed(bytes, scanned)
      if (bytes.length > this.maxBytes) throw new Malformed('head too long')
      this.pending = bytes
      return false
    }
    const length = end + 4
    if (length > this.maxBytes) throw new Malformed('head too long')
    this.pending = null
    this.text = bytes.toString('latin1', 0, length)
    this.rest = length < bytes.length ? bytes.subarray(length) : null
    return true
  }
}

// Whoever ends lines with LF alone would never complete a head: say so now instead of waiting for it.
function refuseBareLineFeed(bytes: Buffer, start: number): void {
  for (let at = bytes.indexOf(LF, start); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (at === 0 || bytes[at - 1] !== CR) throw new Malformed('line feed without carriage return')
  }
}

const bufferBytes = 64 * 1024

/** Reads up to this size are lent: whoever keeps their bytes has to copy them. */
export const lentBytes = 16 * 1024

/** The memory that all connections read into one after the other: what is read is used before the next read. */
const shared = Buffer.allocUnsafeSlow(bufferBytes)

/**
 * What a connection reads into. Node would take and give back 64 KB for each read, a good part of what a request costs; small reads
 * need none of that. While large pieces come, a connection has memory of its own, which is used again unless somebody keeps it.
 */
export class ReadBuffer {
  private isLarge = false
  /** Nobody else needs what is in it. */
  private own: Buffer | null = null
  /** What the next read goes into, as Node knows; null before the first read. */
  private given: Buffer | null = null

  /** For the next read. Null stands for the same as before: Node understands that, and is spared to look into it again. */
  next(): Buffer | null {
    if (this.isLarge) this.own ??= Buffer.allocUnsafeSlow(bufferBytes)
    const next = this.own ?? shared
    if (next === this.given) return null
    if (this.given !== null) this.given = next
    return next
  }

  /** What was read into the last one. Up to `lentBytes` are lent; more are too, unless `keep` is called before the next read. */
  take(size: number): Buffer {
    const from = this.own ?? shared
    this.given = from
    this.isLarge = size > lentBytes
    if (!this.isLarge) this.own = null
    // The first large piece is copied, so that it can be kept like those after it.
    return from === shared && this.isLarge ? Buffer.from(shared.subarray(0, size)) : from.subarray(0, size)
  }

  /** Somebody still needs the last large piece: the next read goes elsewhere. */
  keep(): void {
    this.own = null
  }
}

/** What was read at once may be thousands of pieces, and each takes more than its bytes. */
export const inFew = (pieces: readonly Buffer[]): readonly Buffer[] =>
  pieces.length > 4 ? [Buffer.concat(pieces)] : pieces

/** Bytes that stay what they are after the read that brought them. */
export const keepable = (bytes: Buffer): Buffer => (bytes.length > lentBytes ? bytes : Buffer.from(bytes))

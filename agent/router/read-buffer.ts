const bufferBytes = 64 * 1024

/** Reads up to this size are lent: whoever keeps their bytes has to copy them. */
export const lentBytes = 16 * 1024

/** The memory that all connections read into one after the other: what is read is used before the next read. */
const shared = Buffer.allocUnsafeSlow(bufferBytes)

/**
 * What a connection reads into. Node would take and give back 64 KB for each read, a good part of what a request costs; small reads need none of
 * that. While large pieces come, each gets memory of its own, which is cheaper than to copy them.
 */
export class ReadBuffer {
  private own: Buffer | null = null

  /** For the next read. */
  next(): Buffer {
    return this.own ?? shared
  }

  /** What was read into the last one. */
  take(size: number): Buffer {
    const isLarge = size > lentBytes
    const { own } = this
    this.own = isLarge ? Buffer.allocUnsafeSlow(bufferBytes) : null
    if (own) return own.subarray(0, size)
    return isLarge ? Buffer.from(shared.subarray(0, size)) : shared.subarray(0, size)
  }
}

/** Bytes that stay what they are after the read that brought them. */
export const keepable = (bytes: Buffer): Buffer => (bytes.length > lentBytes ? bytes : Buffer.from(bytes))

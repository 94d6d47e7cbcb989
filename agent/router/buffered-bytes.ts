import { limits } from './limits.ts'

/** What a piece takes besides its bytes, about: a megabyte that comes byte by byte is more than a megabyte. */
export const pieceBytes = 256

/** Bytes that wait for somebody slow, of all connections together. The fuller it is, the less each of them may keep. */
export class BufferedBytes {
  private total = 0

  add(bytes: number): void {
    this.total += bytes
  }

  remove(bytes: number): void {
    this.total -= bytes
  }

  get isFull(): boolean {
    return this.total >= limits.allBuffersBytes
  }

  /** Every connection may have one last read of some 64 KB beyond its share; this is where that ends too. */
  get isOverfull(): boolean {
    return this.total >= 2 * limits.allBuffersBytes
  }

  /** How much one connection may keep before the other side has to wait for it: a part of what is free. */
  shareOf(limit: number): number {
    return Math.min(limit, Math.max(0, limits.allBuffersBytes - this.total) / 8)
  }
}

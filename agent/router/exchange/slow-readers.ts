import { limits } from '../limits.ts'

/** Shares the memory for responses among the clients that read slower than their dynos write. */
export class SlowReaders {
  private count = 0

  /** How much may wait for one client before its dyno has to. */
  get bufferBytes(): number {
    return Math.min(limits.responseBufferBytes, limits.allResponseBuffersBytes / (this.count + 1))
  }

  add(): void {
    this.count++
  }

  remove(): void {
    this.count--
  }
}

import { Transform, type TransformCallback } from 'node:stream'

const endOfTransmission = 0x04
/** The byte and what is said before it are written one after the other by the same program of this computer. */
const holdMs = 150

/**
 * The stock client says the end of a piped input as a last byte 04, which a terminal would understand and a pipe does
 * not. One that nothing follows is the end; one in the middle is content.
 */
export class TrailingEnd extends Transform {
  #timer: NodeJS.Timeout | null = null
  #hasEnded = false

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    if (this.#hasEnded) return done()
    if (this.#release()) this.push(Buffer.from([endOfTransmission]))
    const isHeld = chunk.at(-1) === endOfTransmission
    if (isHeld) this.#timer = setTimeout(() => this.#end(), holdMs)
    done(null, isHeld ? chunk.subarray(0, -1) : chunk)
  }

  override _flush(done: TransformCallback): void {
    this.#release()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#release()
    done(error)
  }

  #end(): void {
    this.#hasEnded = true
    this.push(null)
  }

  /** Whether a byte was held back. */
  #release(): boolean {
    if (this.#timer === null) return false
    clearTimeout(this.#timer)
    this.#timer = null
    return !this.#hasEnded
  }
}

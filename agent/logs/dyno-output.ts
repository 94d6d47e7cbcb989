import { outputLimits } from '../core/output-limits.ts'
import { type Bucket, refill } from '../core/token-bucket.ts'
import { LineSplitter } from './line-splitter.ts'
import type { LogOrigin, RenderedLines } from './log-line.ts'

/** Lines that were not kept since a moment, in microseconds. */
export interface OutputLoss {
  readonly lines: number
  readonly since: number
}

/**
 * What one dyno writes, on its way into its app's log. Where it is more than a log can take without its neighbours feeling it, all
 * that comes within a second is dropped and counted (Heroku's L10), and the dyno is never held up for it.
 */
export class DynoOutput {
  readonly origin: LogOrigin
  readonly #splitter: LineSplitter
  #bucket: Bucket = { tokens: outputLimits.kept.capacity, atMs: Number.NEGATIVE_INFINITY }
  #loss: OutputLoss | null = null

  constructor(process: string) {
    this.origin = { source: 'app', process }
    this.#splitter = new LineSplitter(this.origin)
  }

  /** True while what comes is not kept: it has begun with a `write` that gave nothing, and `endLoss` ends it. */
  get isDropping(): boolean {
    return this.#loss !== null
  }

  /** Complete lines that are kept, or null. `at` is Unix time in microseconds, `nowMs` a clock that is never set back. */
  write(bytes: Uint8Array, prefix: string, at: number, nowMs: number): RenderedLines | null {
    if (!this.#loss) {
      this.#bucket = refill(this.#bucket, nowMs, outputLimits.kept)
      if (this.#bucket.tokens < 0) this.#loss = { lines: 0, since: at }
    }
    if (this.#loss) {
      this.#loss = { ...this.#loss, lines: this.#loss.lines + this.#splitter.skip(bytes) }
      return null
    }
    const rendered = this.#splitter.split(bytes, prefix)
    const cost = bytes.length + (rendered?.lines ?? 0) * outputLimits.lineBytes
    this.#bucket = { ...this.#bucket, tokens: this.#bucket.tokens - cost }
    return rendered
  }

  /** From now on lines are kept again. */
  endLoss(): OutputLoss | null {
    const loss = this.#loss
    this.#loss = null
    return loss
  }

  /** The last line of a writer that is gone, when it had no newline. */
  end(prefix: string): RenderedLines | null {
    return this.#splitter.end(prefix)
  }
}

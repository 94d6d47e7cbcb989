import { outputLimits } from '../core/logs/output-limits.ts'
import { type Bucket, type BucketLimits, refill } from '../core/token-bucket.ts'
import { LineSplitter } from './line-splitter.ts'
import type { LogOrigin, RenderedLines } from './log-line.ts'

/** Lines that were not kept since a moment, in microseconds. */
export interface OutputLoss {
  readonly lines: number
  readonly since: number
}

/** What may be kept of somebody's output. */
export class OutputAllowance {
  readonly #limits: BucketLimits
  #bucket: Bucket

  constructor(limits: BucketLimits) {
    this.#limits = limits
    this.#bucket = { tokens: limits.capacity, atMs: Number.NEGATIVE_INFINITY }
  }

  isUsedUp(nowMs: number): boolean {
    this.#bucket = refill(this.#bucket, nowMs, this.#limits)
    return this.#bucket.tokens < 0
  }

  use(cost: number): void {
    this.#bucket = { ...this.#bucket, tokens: this.#bucket.tokens - cost }
  }
}

/**
 * What one dyno writes, on its way into its app's log. Where it is more than a log can take without its neighbours feeling it, all
 * that comes within a second is dropped and counted (Heroku's L10), and the dyno is never held up for it.
 */
export class DynoOutput {
  readonly origin: LogOrigin
  readonly #splitter: LineSplitter
  readonly #allowances: readonly OutputAllowance[]
  #loss: OutputLoss | null = null

  /** `app` is what all dynos of its app have together. */
  constructor(process: string, app: OutputAllowance) {
    this.#allowances = [new OutputAllowance(outputLimits.kept), app]
    this.origin = { source: 'app', process }
    this.#splitter = new LineSplitter(this.origin)
  }

  /** True while what comes is not kept: it has begun with a `write` that gave nothing, and `endLoss` ends it. */
  get isDropping(): boolean {
    return this.#loss !== null
  }

  /** Complete lines that are kept, or null. `at` is Unix time in microseconds, `nowMs` a clock that is never set back. */
  write(bytes: Uint8Array, prefix: string, at: number, nowMs: number): RenderedLines | null {
    if (!this.#loss && this.#allowances.some((allowance) => allowance.isUsedUp(nowMs))) {
      this.#loss = { lines: 0, since: at }
    }
    if (this.#loss) {
      this.#loss = { ...this.#loss, lines: this.#loss.lines + this.#splitter.skip(bytes) }
      return null
    }
    const rendered = this.#splitter.split(bytes, prefix)
    const cost = bytes.length + (rendered?.lines ?? 0) * outputLimits.lineBytes
    for (const allowance of this.#allowances) allowance.use(cost)
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

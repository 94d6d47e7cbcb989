import { logTexts } from '../core/logs/log-texts.ts'
import type { LogFile } from './log-file.ts'
import { dropOldest, formatPrefix, type LogBatch } from './log-line.ts'

const flushDelayMs = 50
/** After a write that failed. */
const retryDelayMs = 1_000

export interface LogWriterOptions {
  readonly file: LogFile
  /** What waits beyond so many lines is dropped: more than a disk should be given in one go, thirty thousand lines a second. */
  readonly keptLines: number
  readonly onWriteError: (error: unknown) => void
}

/** Gives an app's lines to its file, some at a time. What the disk does not take waits, as far as there is room. */
export class LogWriter {
  readonly #options: LogWriterOptions
  #unwritten: LogBatch[] = []
  #unwrittenCount = 0
  /** Lines that a flood pushed out before they were written: the history says so in their place. */
  #dropped = 0
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()
  #isFailing = false
  #isClosing = false

  constructor(options: LogWriterOptions) {
    this.#options = options
  }

  add(batch: LogBatch): void {
    this.#unwritten.push(batch)
    this.#unwrittenCount += batch.lines
    this.#makeRoom()
    this.#timer ??= setTimeout(() => void this.flush(), this.#isFailing ? retryDelayMs : flushDelayMs)
  }

  /** Until what is there is written, or could not be. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const batches = this.#withDropped(this.#unwritten)
    this.#unwritten = []
    this.#unwrittenCount = 0
    if (batches.length > 0)
      this.#writing = this.#writing
        .then(() => this.#options.file.append(batches))
        .then(
          () => {
            this.#isFailing = false
          },
          (error: unknown) => this.#keepForLater(batches, error),
        )
    return this.#writing
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await this.flush()
    // What was being written just then and did not fit has one more chance.
    if (this.#unwritten.length > 0) await this.flush()
    await this.#options.file.settle()
  }

  #makeRoom(): void {
    const dropped = dropOldest(this.#unwritten, this.#unwrittenCount, this.#options.keptLines)
    this.#unwrittenCount -= dropped
    this.#dropped += dropped
  }

  #withDropped(batches: LogBatch[]): LogBatch[] {
    const [first] = batches
    if (!first || this.#dropped === 0) return batches
    const at = first.at
    const origin = { source: 'heroku', process: 'logplex' } as const
    const bytes = Buffer.from(`${formatPrefix(at, origin)}${logTexts.linesUnkept(this.#dropped)}\n`)
    this.#dropped = 0
    return [{ origin, bytes, lines: 1, at, first: 0 }, ...batches]
  }

  /** A full disk: what could not be written waits, as far as it would be kept, and is told of once. */
  #keepForLater(batches: readonly LogBatch[], error: unknown): void {
    this.#unwritten.unshift(...batches)
    for (const { lines } of batches) this.#unwrittenCount += lines
    this.#makeRoom()
    if (!this.#isClosing) this.#timer ??= setTimeout(() => void this.flush(), retryDelayMs)
    if (!this.#isFailing) this.#options.onWriteError(error)
    this.#isFailing = true
  }
}

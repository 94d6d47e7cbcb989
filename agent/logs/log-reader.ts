import type { LogFilter, LogReader } from '../core/ports/log-store.ts'
import { formatPrefix, formatTime, type LogBatch, matchesFilter } from './log-line.ts'

/** What a reader may be behind before it loses lines. */
const maximumQueuedBytes = 8 * 1024 * 1024
/** What is handed over at once. */
const maximumPieceBytes = 256 * 1024

/**
 * One reader's queue. When it is full, whole batches are dropped and counted until the reader took something; then it
 * gets a line that says how many.
 */
export class QueuedLogReader implements LogReader {
  readonly #filter: LogFilter
  readonly #now: () => number
  readonly #onClose: (reader: QueuedLogReader) => void
  #queue: Buffer[] = []
  #queuedBytes = 0
  #dropped = 0
  #droppedSince = 0
  #isEnding: boolean
  #wake: (() => void) | null = null

  constructor(options: {
    filter: LogFilter
    tail: boolean
    /** Microseconds. */
    now: () => number
    onClose: (reader: QueuedLogReader) => void
  }) {
    this.#filter = options.filter
    this.#now = options.now
    this.#onClose = options.onClose
    this.#isEnding = !options.tail
  }

  /** History is never dropped: it is as long as was asked for. */
  addHistory(batches: readonly LogBatch[]): void {
    for (const { bytes } of batches) this.#enqueue(bytes)
  }

  add(batch: LogBatch): void {
    if (this.#isEnding || !matchesFilter(batch.origin, this.#filter)) return
    if (this.#queuedBytes + batch.bytes.length > maximumQueuedBytes && this.#queuedBytes > 0) {
      if (this.#dropped === 0) this.#droppedSince = this.#now()
      this.#dropped += batch.lines
      return
    }
    this.#sayWhatWasDropped()
    this.#enqueue(batch.bytes)
  }

  close(): void {
    this.#isEnding = true
    this.#queue = []
    this.#queuedBytes = 0
    this.#onClose(this)
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    try {
      while (true) {
        const piece = this.#take()
        if (piece) {
          yield piece
          continue
        }
        if (this.#isEnding) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = null
      }
    } finally {
      this.close()
    }
  }

  #enqueue(bytes: Buffer): void {
    this.#queue.push(bytes)
    this.#queuedBytes += bytes.length
    this.#wake?.()
  }

  #take(): Buffer | null {
    // The reader has caught up: nothing newer than the loss will come before its line.
    if (this.#queue.length === 0) this.#sayWhatWasDropped()
    if (this.#queue.length === 0) return null
    let count = 0
    let size = 0
    while (count < this.#queue.length && (count === 0 || size < maximumPieceBytes))
      size += this.#queue[count++]?.length ?? 0
    const pieces = this.#queue.splice(0, count)
    this.#queuedBytes -= size
    return pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces, size)
  }

  #sayWhatWasDropped(): void {
    if (this.#dropped === 0) return
    const prefix = formatPrefix(this.#now(), { source: 'heroku', process: 'logplex' })
    const since = formatTime(this.#droppedSince)
    const text = `Error L10 (output buffer overflow): drain dropped ${this.#dropped} messages since ${since}.`
    this.#dropped = 0
    this.#enqueue(Buffer.from(`${prefix}${text}\n`))
  }
}

import { logTexts } from '../core/log-texts.ts'
import type { LogFilter, LogReader, LogReading } from '../core/ports/log-store.ts'
import { renderEvents, renderNote } from './log-event.ts'
import { formatPrefix, formatTime, type LogBatch, matchesFilter } from './log-line.ts'

/** What a reader may be behind before it loses lines. */
const maximumQueuedBytes = 8 * 1024 * 1024
/** What is handed over at once. */
const maximumPieceBytes = 256 * 1024

type Queued = LogBatch | { readonly note: Buffer }

/**
 * One reader's queue. When it is full, whole batches are dropped and counted until the reader took something; then it
 * gets a line that says how many. What waits is shared with the log and other readers, and rendered when it is taken.
 */
export class QueuedLogReader implements LogReader {
  readonly #filter: LogFilter
  readonly #format: LogReading['format']
  readonly #now: () => number
  readonly #onClose: (reader: QueuedLogReader) => void
  #queue: Queued[] = []
  #queuedBytes = 0
  #dropped = 0
  #droppedSince = 0
  #isEnding: boolean
  #wake: (() => void) | null = null

  constructor(options: {
    filter: LogFilter
    tail: boolean
    format: LogReading['format']
    /** Microseconds. */
    now: () => number
    onClose: (reader: QueuedLogReader) => void
  }) {
    this.#filter = options.filter
    this.#format = options.format
    this.#now = options.now
    this.#onClose = options.onClose
    this.#isEnding = !options.tail
  }

  /** History is never dropped: it is as long as was asked for. */
  addHistory(batches: readonly LogBatch[]): void {
    for (const batch of batches) this.#enqueue(batch, batch.bytes.length)
  }

  /** A line for this reader alone. */
  addNote(text: string): void {
    const prefix = formatPrefix(this.#now(), { source: 'heroku', process: 'logplex' })
    const note = Buffer.from(`${prefix}${text}`)
    this.#enqueue({ note }, note.length)
  }

  add(batch: LogBatch): void {
    if (this.#isEnding || !matchesFilter(batch.origin, this.#filter)) return
    if (this.#queuedBytes + batch.bytes.length > maximumQueuedBytes && this.#queuedBytes > 0) {
      if (this.#dropped === 0) this.#droppedSince = this.#now()
      this.#dropped += batch.lines
      return
    }
    this.#sayWhatWasDropped()
    this.#enqueue(batch, batch.bytes.length)
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

  #enqueue(queued: Queued, sizeBytes: number): void {
    this.#queue.push(queued)
    this.#queuedBytes += sizeBytes
    this.#wake?.()
  }

  #take(): Buffer | null {
    // The reader has caught up: nothing newer than the loss will come before its line.
    if (this.#queue.length === 0) this.#sayWhatWasDropped()
    if (this.#queue.length === 0) return null
    let count = 0
    let size = 0
    while (count < this.#queue.length && (count === 0 || size < maximumPieceBytes)) size += sizeOf(this.#queue[count++])
    const taken = this.#queue.splice(0, count)
    this.#queuedBytes -= size
    const pieces = taken.map((queued) => this.#render(queued))
    return pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces)
  }

  #render(queued: Queued): Buffer {
    if (this.#format === 'events') return 'note' in queued ? renderNote(queued.note) : renderEvents(queued)
    return 'note' in queued ? Buffer.concat([queued.note, Buffer.from('\n')]) : queued.bytes
  }

  #sayWhatWasDropped(): void {
    if (this.#dropped === 0) return
    const text = logTexts.readerBehind(this.#dropped, formatTime(this.#droppedSince))
    this.#dropped = 0
    this.addNote(text)
  }
}

function sizeOf(queued: Queued | undefined): number {
  if (queued === undefined) return 0
  return 'note' in queued ? queued.note.length : queued.bytes.length
}

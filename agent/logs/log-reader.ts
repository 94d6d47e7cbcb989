import { logTexts } from '../core/logs/log-texts.ts'
import type { LogFilter, LogReader, LogReading } from '../core/ports/logs/log-store.ts'
import { renderEvents, renderNote } from './log-event.ts'
import { formatPrefix, formatTime, type LogBatch, matchesFilter } from './log-line.ts'

/** What a reader may be behind before it loses lines. */
const maximumQueuedBytes = 8 * 1024 * 1024
/** The room that is made at once: to move the whole queue for each batch would cost more than to send it. */
const roomBytes = maximumQueuedBytes / 8
/** What is handed over at once. */
const maximumPieceBytes = 256 * 1024

type Queued = LogBatch | { readonly note: Buffer }

/** What was dropped since the reader took something. */
interface Loss {
  lines: number
  /** Microseconds, of the first and the last that were dropped. */
  readonly since: number
  until: number
}

/**
 * One reader's queue. When it is full, its oldest batches are dropped and counted, and a line in their place says how many: what was
 * said last, why a dyno ended say, is what somebody who fell behind wants to read. What waits is shared with the log and other
 * readers, and rendered when it is taken.
 */
export class QueuedLogReader implements LogReader {
  readonly #filter: LogFilter
  readonly #format: LogReading['format']
  readonly #now: () => number
  readonly #onClose: (reader: QueuedLogReader) => void
  #queue: Queued[] = []
  #queuedBytes = 0
  #loss: Loss | null = null
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

  /** As long as was asked for; only what happens afterwards can push it out. */
  addHistory(batches: readonly LogBatch[]): void {
    for (const batch of batches) this.#enqueue(batch, batch.bytes.length)
  }

  /** A line for this reader alone. */
  addNote(text: string): void {
    const note = makeNote(this.#now(), text)
    this.#enqueue(note, sizeOf(note))
  }

  add(batch: LogBatch): void {
    if (this.#isEnding || !matchesFilter(batch.origin, this.#filter)) return
    this.#enqueue(batch, batch.bytes.length)
    if (this.#queuedBytes > maximumQueuedBytes) this.#makeRoom()
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
    if (this.#queue.length === 0) return null
    let count = 0
    let size = 0
    while (count < this.#queue.length && (count === 0 || size < maximumPieceBytes)) size += sizeOf(this.#queue[count++])
    const taken = this.#queue.splice(0, count)
    this.#queuedBytes -= size
    const loss = this.#takeLoss()
    const pieces = (loss ? [loss, ...taken] : taken).map((queued) => this.#render(queued))
    return pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces)
  }

  #render(queued: Queued): Buffer {
    if (this.#format === 'events') return 'note' in queued ? renderNote(queued.note) : renderEvents(queued)
    return 'note' in queued ? Buffer.concat([queued.note, Buffer.from('\n')]) : queued.bytes
  }

  #makeRoom(): void {
    let count = 0
    let size = 0
    // The newest stays, however large it is.
    while (count < this.#queue.length - 1 && this.#queuedBytes - size > maximumQueuedBytes - roomBytes) {
      const oldest = this.#queue[count++]
      size += sizeOf(oldest)
      if (oldest && 'lines' in oldest) this.#countLoss(oldest)
    }
    this.#queue.splice(0, count)
    this.#queuedBytes -= size
  }

  #countLoss({ at, lines }: LogBatch): void {
    this.#loss ??= { lines: 0, since: at, until: at }
    this.#loss.lines += lines
    this.#loss.until = at
  }

  #takeLoss(): Queued | null {
    if (!this.#loss) return null
    const { lines, since, until } = this.#loss
    this.#loss = null
    return makeNote(until, logTexts.readerBehind(lines, formatTime(since)))
  }
}

function makeNote(at: number, text: string): { readonly note: Buffer } {
  return { note: Buffer.from(`${formatPrefix(at, { source: 'heroku', process: 'logplex' })}${text}`) }
}

function sizeOf(queued: Queued | undefined): number {
  if (queued === undefined) return 0
  return 'note' in queued ? queued.note.length : queued.bytes.length
}

import { limits } from '../limits.ts'
import { renderDropped, renderLogLine } from './log-text.ts'

/** Takes text and says whether it can take more at once. */
export type LogReader = (text: string | Buffer) => boolean

interface Batch {
  text: string
  /** A full batch is bytes: V8 keeps a string that grew piece by piece at several times its length. */
  bytes: Buffer | null
  size: number
  /** Lines per app, to be counted as dropped if nobody takes the batch. */
  readonly lines: Map<string, number>
}

const batchMs = 20

/**
 * Log lines on their way to the agent, in batches: `L <time in ms> <app id> <line>`, or `D <time in ms> <app id> <count>` for
 * lines that were dropped. Without a reader the newest lines are kept, the others counted.
 */
export class LogBuffer {
  private batches: Batch[] = []
  private bytes = 0
  private readonly dropped = new Map<string, number>()
  private reader: LogReader | null = null
  private isBlocked = false
  private timer: NodeJS.Timeout | null = null

  add(appId: string, timeMs: number, line: string): void {
    const batch = this.openBatch()
    const text = renderLogLine(appId, timeMs, line)
    batch.text += text
    batch.size += text.length
    batch.lines.set(appId, (batch.lines.get(appId) ?? 0) + 1)
    this.bytes += text.length
    if (this.reader && !this.isBlocked) this.timer ??= setTimeout(() => this.flush(), batchMs)
  }

  /** There is one reader; a new one takes the place of the old. */
  setReader(reader: LogReader): void {
    this.reader = reader
    this.isBlocked = false
    this.flush()
  }

  removeReader(reader: LogReader): void {
    if (this.reader === reader) this.reader = null
  }

  onReaderDrain(reader: LogReader): void {
    if (this.reader !== reader) return
    this.isBlocked = false
    this.flush()
  }

  close(): void {
    this.flush()
    this.reader = null
  }

  private openBatch(): Batch {
    const last = this.batches.at(-1)
    if (last && last.size < limits.logBatchBytes) return last
    if (last) {
      last.bytes = Buffer.from(last.text, 'latin1')
      last.text = ''
    }
    const batch: Batch = { text: '', bytes: null, size: 0, lines: new Map() }
    this.batches.push(batch)
    this.dropOldest()
    return batch
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    if (this.reader && !this.isBlocked) this.sayDropped(this.reader)
    while (this.reader && !this.isBlocked) {
      const batch = this.batches.shift()
      if (!batch) return
      this.bytes -= batch.size
      this.isBlocked = !this.reader(batch.bytes ?? batch.text)
    }
  }

  private sayDropped(reader: LogReader): void {
    for (const [appId, count] of this.dropped) reader(renderDropped(appId, Date.now(), count))
    this.dropped.clear()
  }

  private dropOldest(): void {
    while (this.bytes > limits.logBufferBytes) {
      const oldest = this.batches.shift()
      if (!oldest) return
      this.bytes -= oldest.size
      for (const [appId, count] of oldest.lines) this.dropped.set(appId, (this.dropped.get(appId) ?? 0) + count)
    }
  }
}

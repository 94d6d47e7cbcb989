import { limits } from '../limits.ts'
import { renderDropped, renderLogLine } from './log-text.ts'

/** Takes text and says whether it can take more at once. */
export type LogReader = (text: string | Buffer) => boolean

/** Lines as bytes: V8 keeps a string that grew piece by piece at several times its length, and has to put it together in the end. */
interface Batch {
  bytes: Buffer
  size: number
}

const batchMs = 20
/** A batch begins small: most routers have a line now and then. */
const firstBatchBytes = 4096

/**
 * Log lines on their way to the agent, in batches: `L <time in ms> <app id> <line>`, or `D <time in ms> <app id> <count>` for
 * lines that were dropped. Without a reader the newest lines are kept, the others counted.
 */
export class LogBuffer {
  private readonly batches: Batch[] = []
  private bytes = 0
  private readonly dropped = new Map<string, number>()
  private reader: LogReader | null = null
  private isBlocked = false
  private timer: NodeJS.Timeout | null = null

  add(appId: string, timeMs: number, line: string): void {
    const text = renderLogLine(appId, timeMs, line)
    const batch = this.openBatch(text.length)
    batch.bytes.write(text, batch.size, 'latin1')
    this.grow(batch, text.length)
  }

  /** Whole lines of another process of the router. */
  addLines(lines: Buffer): void {
    const batch = this.openBatch(lines.length)
    lines.copy(batch.bytes, batch.size)
    this.grow(batch, lines.length)
  }

  private grow(batch: Batch, size: number): void {
    batch.size += size
    this.bytes += size
    if (this.timer === null && this.reader && !this.isBlocked) this.timer = setTimeout(() => this.flush(), batchMs)
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

  /** With room for so many bytes more. */
  private openBatch(size: number): Batch {
    const last = this.batches.at(-1)
    if (last && last.size + size <= last.bytes.length) return last
    if (last && last.size < limits.logBatchBytes / 2) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * last.bytes.length, last.size + size))
      last.bytes.copy(larger, 0, 0, last.size)
      last.bytes = larger
      return last
    }
    const batch = {
      bytes: Buffer.allocUnsafeSlow(Math.max(last ? limits.logBatchBytes : firstBatchBytes, size)),
      size: 0,
    }
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
      this.isBlocked = !this.reader(batch.bytes.subarray(0, batch.size))
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
      for (const line of oldest.bytes.toString('latin1', 0, oldest.size).split('\n')) {
        const [, , appId] = line.split(' ', 3)
        if (appId !== undefined) this.dropped.set(appId, (this.dropped.get(appId) ?? 0) + 1)
      }
    }
  }
}

import { logTexts } from '../core/logs/log-texts.ts'
import { outputLimits } from '../core/logs/output-limits.ts'
import type {
  LogFilter,
  LoggedDyno,
  LogMatches,
  LogReader,
  LogReading,
  LogSearch,
  LogSegment,
} from '../core/ports/logs/log-store.ts'
import { DynoOutput, OutputAllowance } from './dyno-output.ts'
import { LineSplitter } from './line-splitter.ts'
import { LogFile } from './log-file.ts'
import {
  dropLinesTo,
  dropOldest,
  formatPrefix,
  formatTime,
  keepLastLines,
  type LineId,
  type LogBatch,
  type LogOrigin,
  matchesFilter,
  parseLineId,
  type RenderedLines,
} from './log-line.ts'
import { QueuedLogReader } from './log-reader.ts'
import { LogWriter } from './log-writer.ts'
import { searchSegment } from './search-segment.ts'

export const keptLines = 1_500
/** What one answer of a search looks through and gives at most. */
const searchedSegments = 100
const foundLines = 10_000
/** A clock that was set back is followed; by less than this it only seems so. */
const clockToleranceMicros = 1_000_000

/** One app's merged log: the last lines in memory and on disk, and who reads it now. */
export class AppLog {
  readonly #file: LogFile
  readonly #now: () => number
  readonly #writer: LogWriter
  readonly #kept: LogBatch[]
  #keptCount: number
  /** The moment of the newest batch. */
  #lastAt = 0
  /** By the dyno's id. */
  readonly #outputs = new Map<string, DynoOutput>()
  readonly #allowance = new OutputAllowance(outputLimits.keptOfApp)
  readonly #readers = new Set<QueuedLogReader>()

  constructor(folder: string, now: () => number, onWriteError: (error: unknown) => void) {
    this.#file = new LogFile(folder, { keptLines })
    this.#now = now
    this.#writer = new LogWriter({ file: this.#file, keptLines, onWriteError })
    this.#kept = openFile(this.#file, onWriteError)
    this.#keptCount = this.#kept.length
    this.#lastAt = this.#kept.at(-1)?.at ?? 0
  }

  writeOutput(dyno: LoggedDyno, bytes: Uint8Array): void {
    let output = this.#outputs.get(dyno.id)
    if (!output) {
      output = new DynoOutput(dyno.name, this.#allowance)
      this.#outputs.set(dyno.id, output)
    }
    const { origin, isDropping } = output
    this.#add(origin, (prefix, at) => output.write(bytes, prefix, at, performance.now()))
    // By the clock and not by the next bytes: there may be none, and what was dropped is said all the same.
    if (output.isDropping && !isDropping) setTimeout(() => this.#tellLoss(output), outputLimits.dropMs).unref()
  }

  endOutput(dynoId: string): void {
    const output = this.#outputs.get(dynoId)
    this.#outputs.delete(dynoId)
    if (!output) return
    this.#tellLoss(output)
    this.#add(output.origin, (prefix) => output.end(prefix))
  }

  writeLine(process: string, text: string): void {
    // What people did is told by the app itself: Heroku has it so, and its client's filters expect it.
    const origin = { source: process === 'api' ? 'app' : 'heroku', process } as const
    this.#add(origin, (prefix) => new LineSplitter(origin).split(Buffer.from(`${text}\n`), prefix))
  }

  read({ lines, after, tail, filter, format = 'text' }: LogReading): LogReader {
    const onClose = (closed: QueuedLogReader) => this.#readers.delete(closed)
    const reader = new QueuedLogReader({ filter, tail, format, now: this.#now, onClose })
    const id = after === undefined ? null : parseLineId(after)
    if (id === null) reader.addHistory(this.#findLast(lines, filter))
    else {
      const [oldest] = this.#kept
      if (oldest && this.#keptCount >= keptLines && id.at < oldest.at)
        reader.addNote(logTexts.linesForgotten(formatTime(id.at)))
      reader.addHistory(this.#findAfter(id, filter))
    }
    if (tail) this.#readers.add(reader)
    return reader
  }

  async history(): Promise<LogSegment[]> {
    await this.#writer.flush()
    return this.#file.segments
  }

  async readSegment(id: number): Promise<string | null> {
    return (await this.#file.readSegment(id))?.toString('utf8') ?? null
  }

  async search(search: LogSearch): Promise<LogMatches> {
    const all = (await this.history()).filter(({ id }) => search.before === undefined || id < search.before)
    const found: LogMatches['found'] = []
    let count = 0
    for (const { id } of all.toReversed()) {
      if (found.length > 0 && count >= foundLines) return { found, before: id + 1 }
      if (id <= (all.at(-1)?.id ?? 0) - searchedSegments) return { found, before: id + 1 }
      const bytes = await this.#file.readSegment(id)
      const lines = bytes ? searchSegment(bytes, search) : []
      if (lines.length > 0) found.push({ segment: id, lines })
      count += lines.length
    }
    return { found, before: null }
  }

  /** Writes what is buffered and ends the readers. */
  async close(): Promise<void> {
    for (const dynoId of [...this.#outputs.keys()]) this.endOutput(dynoId)
    for (const reader of [...this.#readers]) reader.close()
    await this.#writer.close()
  }

  /** Said by the dyno's own name, so that who reads that dyno alone reads it too. */
  #tellLoss(output: DynoOutput): void {
    const loss = output.endLoss()
    if (loss) this.writeLine(output.origin.process, logTexts.outputDropped(loss.lines, formatTime(loss.since)))
  }

  #add(origin: LogOrigin, render: (prefix: string, at: number) => RenderedLines | null): void {
    const at = this.#nextMoment()
    const rendered = render(formatPrefix(at, origin), at)
    if (!rendered) return
    const batch: LogBatch = { ...rendered, at, first: 0 }
    this.#lastAt = at
    this.#kept.push(batch)
    this.#keptCount += batch.lines
    this.#keptCount -= dropOldest(this.#kept, this.#keptCount, keptLines)
    for (const reader of this.#readers) reader.add(batch)
    this.#writer.add(batch)
  }

  /** Never the same twice in a row, so that it names what is written now. */
  #nextMoment(): number {
    const now = Math.floor(this.#now())
    const isSetBack = now < this.#lastAt - clockToleranceMicros
    return isSetBack ? now : Math.max(now, this.#lastAt + 1)
  }

  /** What came after a line; of one that an agent lost when it was killed, what is younger. */
  #findAfter(id: LineId, filter: LogFilter): LogBatch[] {
    // By its place before its time: a clock that was set back has younger lines look older.
    const known = this.#kept.findIndex(({ at }) => at === id.at)
    const younger = known >= 0 ? this.#kept.slice(known) : this.#kept.filter(({ at }) => at > id.at)
    return younger
      .map((batch) => (batch.at === id.at ? dropLinesTo(batch, id.place) : batch))
      .filter((batch): batch is LogBatch => batch !== null && matchesFilter(batch.origin, filter))
  }

  #findLast(lines: number, filter: LogFilter): LogBatch[] {
    const found: LogBatch[] = []
    let missing = Math.min(lines, keptLines)
    for (let at = this.#kept.length - 1; at >= 0 && missing > 0; at--) {
      const batch = this.#kept[at]
      if (!batch || !matchesFilter(batch.origin, filter)) continue
      found.push(keepLastLines(batch, missing))
      missing -= batch.lines
    }
    return found.reverse()
  }
}

/** A disk that fails must not keep an app from being logged: what was kept there is missed. */
function openFile(file: LogFile, onWriteError: (error: unknown) => void): LogBatch[] {
  try {
    return file.open()
  } catch (error) {
    onWriteError(error)
    return []
  }
}

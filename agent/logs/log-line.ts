import type { LogFilter } from '../core/ports/logs/log-store.ts'

export type LogSource = 'app' | 'heroku'

/** Who wrote a line: `app[web.1]`, `heroku[router]`. */
export interface LogOrigin {
  readonly source: LogSource
  readonly process: string
}

const newline = 0x0a

/** Rendered lines of one origin, each ending in a newline. */
export interface RenderedLines {
  readonly origin: LogOrigin
  readonly bytes: Buffer
  readonly lines: number
}

/** Lines that arrived at once, as they are kept. Their moment is no other batch's of the same log, so it names them. */
export interface LogBatch extends RenderedLines {
  /** Unix time in microseconds, as it stands before each line. */
  readonly at: number
  /** Which of that moment's lines is the first here. */
  readonly first: number
}

/** What names one line of a log for ever: `1795232712123456-0`, its moment and its place in it. */
export interface LineId {
  readonly at: number
  readonly place: number
}

export const formatLineId = ({ at, place }: LineId) => `${at}-${place}`

/** Null for what is no id of ours. */
export function parseLineId(text: string): LineId | null {
  const [, at, place] = /^(\d{1,16})-(\d{1,9})$/.exec(text) ?? []
  return at === undefined ? null : { at: Number(at), place: Number(place) }
}

/** `2026-11-21T03:45:12.123456+00:00`, of Unix time in microseconds. */
export function formatTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000)
  const rest = Math.floor(microseconds - milliseconds * 1000)
  return `${new Date(milliseconds).toISOString().slice(0, 23)}${String(rest).padStart(3, '0')}+00:00`
}

/** `2026-11-21T03:45:12.123456+00:00 app[web.1]: ` */
export function formatPrefix(microseconds: number, origin: LogOrigin): string {
  return `${formatTime(microseconds)} ${origin.source}[${origin.process}]: `
}

/** Reads back when a line was written and whose it is; null when it has no prefix of ours (a file that was cut or touched). */
export function parsePrefix(line: Buffer): { at: number; origin: LogOrigin } | null {
  const prefix = /^(\S{23})(\d{3})\+00:00 (app|heroku)\[([^\]\n]{1,200})\]: /
  const [, time, micros, source, process] = prefix.exec(line.subarray(0, 260).toString('latin1')) ?? []
  const at = Date.parse(`${time}Z`) * 1000 + Number(micros)
  return Number.isNaN(at) ? null : { at, origin: { source: source as LogSource, process: process as string } }
}

export function matchesFilter(origin: LogOrigin, filter: LogFilter): boolean {
  if (filter.source !== undefined && filter.source !== origin.source) return false
  if (filter.process === undefined) return true
  // A type stands for all its dynos: `web` for `web.1`.
  return origin.process === filter.process || origin.process.startsWith(`${filter.process}.`)
}

export function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) lines++
  return lines
}

/** The last so many lines of a batch. */
export function keepLastLines(batch: LogBatch, lines: number): LogBatch {
  if (lines >= batch.lines) return batch
  let start = batch.bytes.length
  for (let kept = 0; kept <= lines; kept++) start = batch.bytes.lastIndexOf(newline, start - 1)
  return { ...batch, first: batch.first + batch.lines - lines, bytes: batch.bytes.subarray(start + 1), lines }
}

/** The lines of a batch that come after one of them. */
export function dropLinesTo(batch: LogBatch, place: number): LogBatch | null {
  const lines = batch.first + batch.lines - 1 - place
  return lines > 0 ? keepLastLines(batch, lines) : null
}

/** Removes batches that are wholly before the last so many lines of `total`; returns how many lines went. */
export function dropOldest(batches: LogBatch[], total: number, keptLines: number): number {
  let dropped = 0
  let count = 0
  for (const batch of batches) {
    if (total - dropped - batch.lines < keptLines) break
    dropped += batch.lines
    count++
  }
  if (count > 0) batches.splice(0, count)
  return dropped
}

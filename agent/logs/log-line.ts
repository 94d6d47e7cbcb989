import type { LogFilter } from '../core/ports/log-store.ts'

export type LogSource = 'app' | 'heroku'

/** Who wrote a line: `app[web.1]`, `heroku[router]`. */
export interface LogOrigin {
  readonly source: LogSource
  readonly process: string
}

const newline = 0x0a

/** Rendered lines of one origin, each ending in a newline. */
export interface LogBatch {
  readonly origin: LogOrigin
  readonly bytes: Buffer
  readonly lines: number
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

/** Reads back whose line it is; null when it has no prefix of ours (a file that was cut or touched). */
export function parseOrigin(line: Buffer): LogOrigin | null {
  const match = /^\S{32} (app|heroku)\[([^\]\n]{1,200})\]: /.exec(line.subarray(0, 260).toString('latin1'))
  return match ? { source: match[1] as LogSource, process: match[2] as string } : null
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
  return { origin: batch.origin, bytes: batch.bytes.subarray(start + 1), lines }
}

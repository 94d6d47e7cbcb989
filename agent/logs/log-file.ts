import { mkdirSync, readFileSync } from 'node:fs'
import { appendFile, rename, truncate } from 'node:fs/promises'
import path from 'node:path'
import { countLines, type LogBatch, parsePrefix } from './log-line.ts'

const newline = 0x0a
/** A stop for logs of long lines; an ordinary file is turned over by its lines long before. */
const maximumFileBytes = 16 * 1024 * 1024

/**
 * The last lines of one app on disk, as they are rendered: `current.log`, and `previous.log` that was current before.
 * Both together have at least the lines that are kept.
 */
export class LogFile {
  readonly #folder: string
  readonly #keptLines: number
  #lines = 0
  #bytes = 0
  /** An agent that was killed may have left half a line at the end. */
  #isTorn = false

  constructor(folder: string, keptLines: number) {
    this.#folder = folder
    this.#keptLines = keptLines
  }

  /** What was kept when the agent last ran, oldest first. Synchronous: a reader wants history before what comes now. */
  open(): LogBatch[] {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const previous = this.#read('previous.log')
    const current = this.#read('current.log')
    this.#bytes = current.length
    this.#lines = countLines(current)
    this.#isTorn = current.length > 0 && current.at(-1) !== newline
    return [...parseLines(previous), ...parseLines(current)].slice(-this.#keptLines)
  }

  async append(batches: readonly LogBatch[]): Promise<void> {
    if (this.#lines >= this.#keptLines || this.#bytes >= maximumFileBytes) {
      await rename(this.#path('current.log'), this.#path('previous.log'))
      this.#bytes = 0
      this.#lines = 0
      this.#isTorn = false
    }
    const pieces = batches.map((batch) => batch.bytes)
    if (this.#isTorn) pieces.unshift(Buffer.from('\n'))
    const bytes = Buffer.concat(pieces)
    try {
      await appendFile(this.#path('current.log'), bytes, { mode: 0o600 })
    } catch (error) {
      // Half of it may be there; it is written again as a whole when there is room.
      await truncate(this.#path('current.log'), this.#bytes).catch(() => {})
      throw error
    }
    this.#isTorn = false
    this.#bytes += bytes.length
    for (const { lines } of batches) this.#lines += lines
  }

  #path(name: string): string {
    return path.join(this.#folder, name)
  }

  #read(name: string): Buffer {
    try {
      return readFileSync(this.#path(name))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
      throw error
    }
  }
}

/** Lines without a prefix of ours (a file that was cut or touched) are left out. */
function parseLines(bytes: Buffer): LogBatch[] {
  const batches: LogBatch[] = []
  let start = 0
  while (start < bytes.length) {
    const end = bytes.indexOf(newline, start) + 1 || bytes.length
    const line = bytes.subarray(start, end)
    const prefix = parsePrefix(line)
    const isWhole = line.at(-1) === newline
    if (prefix) {
      const before = batches.at(-1)
      const first = before?.at === prefix.at ? before.first + 1 : 0
      batches.push({ ...prefix, first, bytes: isWhole ? line : Buffer.concat([line, Buffer.from('\n')]), lines: 1 })
    }
    start = end
  }
  return batches
}

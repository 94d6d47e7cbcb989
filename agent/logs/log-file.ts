import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { appendFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress, zstdDecompressSync } from 'node:zlib'
import type { LogSegment } from '../core/ports/logs/log-store.ts'
import { countLines, formatTime, type LogBatch, parsePrefix } from './log-line.ts'

const newline = 0x0a
const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

export interface LogFileLimits {
  /** Read back at the start. */
  readonly keptLines: number
  /** A segment that has so many lines or bytes is closed and packed. */
  readonly segmentLines: number
  readonly segmentBytes: number
  /** Of all closed segments of one app, packed (a tenth or so of what they say); the oldest go first. */
  readonly historyBytes: number
}

const usualLimits: Omit<LogFileLimits, 'keptLines'> = {
  segmentLines: 5_000,
  segmentBytes: 1024 * 1024,
  historyBytes: 32 * 1024 * 1024,
}

/** One that is closed, on disk: `12-1795232712123456-5000.log.zst`; without `.zst` until it is packed. */
interface ClosedSegment {
  readonly id: number
  /** Its first line's moment, Unix time in microseconds. */
  readonly at: number
  readonly lines: number
  readonly name: string
  readonly bytes: number
}

/**
 * One app's log on disk, as it is rendered: `current.log`, and before it segments that are closed and packed, as many as there is
 * room for. A segment's number and lines are in its name, so that the folder is the index of the history.
 */
export class LogFile {
  readonly #folder: string
  readonly #limits: LogFileLimits
  #closed: ClosedSegment[] = []
  #id = 1
  #at: number | null = null
  #lines = 0
  #bytes = 0
  /** An agent that was killed may have left half a line at the end. */
  #isTorn = false
  #packing: Promise<void> = Promise.resolve()
  #isOpen = false

  constructor(folder: string, limits: Pick<LogFileLimits, 'keptLines'> & Partial<LogFileLimits>) {
    this.#folder = folder
    this.#limits = { ...usualLimits, ...limits }
  }

  /** What was kept when the agent last ran, oldest first. Synchronous: a reader wants history before what comes now. */
  open(): LogBatch[] {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    this.#adoptPrevious()
    this.#closed = this.#list()
    this.#id = (this.#closed.at(-1)?.id ?? 0) + 1
    const current = this.#read('current.log')
    this.#bytes = current.length
    this.#lines = countLines(current)
    this.#isTorn = current.length > 0 && current.at(-1) !== newline
    const batches = parseLines(current)
    this.#at = batches[0]?.at ?? null
    this.#isOpen = true
    const older: LogBatch[][] = []
    let missing = this.#limits.keptLines - batches.length
    for (const segment of this.#closed.toReversed()) {
      if (missing <= 0) break
      const bytes = this.#read(segment.name)
      const lines = parseLines(segment.name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes)
      older.unshift(lines)
      missing -= lines.length
    }
    return [...older.flat(), ...batches].slice(-this.#limits.keptLines)
  }

  async append(batches: readonly LogBatch[]): Promise<void> {
    if (!this.#isOpen) this.open()
    if (this.#lines >= this.#limits.segmentLines || this.#bytes >= this.#limits.segmentBytes) await this.#close()
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
    this.#at ??= batches[0]?.at ?? null
    this.#bytes += bytes.length
    for (const { lines } of batches) this.#lines += lines
  }

  /** All that is there, oldest first, the one that is being written at the end. */
  get segments(): LogSegment[] {
    const closed = this.#closed.map(({ id, at, lines }) => ({ id, since: formatTime(at), lines }))
    if (this.#at === null) return closed
    return [...closed, { id: this.#id, since: formatTime(this.#at), lines: this.#lines }]
  }

  /** One segment's lines as bytes; null when it is gone. */
  async readSegment(id: number): Promise<Buffer | null> {
    await this.#packing
    const closed = this.#closed.find((segment) => segment.id === id)
    if (!closed && (id !== this.#id || this.#at === null)) return null
    try {
      if (!closed) return (await readFile(this.#path('current.log'))).subarray(0, this.#bytes)
      const bytes = await readFile(this.#path(closed.name))
      return closed.name.endsWith('.zst') ? await decompress(bytes) : bytes
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  /** Until what was closed is packed. */
  async settle(): Promise<void> {
    await this.#packing
  }

  async #close(): Promise<void> {
    const name = `${this.#id}-${this.#at ?? 0}-${this.#lines}.log`
    await rename(this.#path('current.log'), this.#path(name))
    const closed = { id: this.#id, at: this.#at ?? 0, lines: this.#lines, name, bytes: this.#bytes }
    this.#closed.push(closed)
    this.#id += 1
    this.#at = null
    this.#bytes = 0
    this.#lines = 0
    this.#isTorn = false
    this.#packing = this.#packing.then(() => this.#pack(closed)).catch(() => {})
  }

  /** What can't be packed now, for want of room, stays as it is; it is smaller only by being the next to go. */
  async #pack(segment: ClosedSegment): Promise<void> {
    const from = this.#path(segment.name)
    const packed = await compress(await readFile(from))
    await writeFile(`${from}.new`, packed, { mode: 0o600 })
    await rename(`${from}.new`, `${from}.zst`)
    await rm(from)
    this.#closed = this.#closed.map((each) =>
      each === segment ? { ...segment, name: `${segment.name}.zst`, bytes: packed.length } : each,
    )
    await this.#dropOldest()
  }

  async #dropOldest(): Promise<void> {
    let bytes = this.#closed.reduce((sum, segment) => sum + segment.bytes, 0)
    while (bytes > this.#limits.historyBytes && this.#closed.length > 1) {
      const oldest = this.#closed.shift()
      if (!oldest) return
      bytes -= oldest.bytes
      await rm(this.#path(oldest.name), { force: true })
    }
  }

  /** Of agents of before there were segments: the file before the current one. */
  #adoptPrevious(): void {
    const previous = this.#read('previous.log')
    if (previous.length === 0) return
    const first = parseLines(previous)[0]
    const id = (this.#list().at(-1)?.id ?? 0) + 1
    renameSync(this.#path('previous.log'), this.#path(`${id}-${first?.at ?? 0}-${countLines(previous)}.log`))
  }

  #list(): ClosedSegment[] {
    const found = new Map<number, ClosedSegment>()
    // What is packed comes before what it was packed from.
    for (const name of readdirSync(this.#folder).toSorted().toReversed()) {
      const [, id, at, lines, end] = /^(\d+)-(\d+)-(\d+)\.log(\.zst|\.zst\.new|\.new)?$/.exec(name) ?? []
      if (id === undefined) continue
      // The agent ended while it packed: the packed one counts once it has its name.
      const isLeft = end?.endsWith('.new') || (end === undefined && found.has(Number(id)))
      if (isLeft) rmSync(this.#path(name))
      else {
        const bytes = statSync(this.#path(name)).size
        found.set(Number(id), { id: Number(id), at: Number(at), lines: Number(lines), name, bytes })
      }
    }
    return [...found.values()].toSorted((a, b) => a.id - b.id)
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

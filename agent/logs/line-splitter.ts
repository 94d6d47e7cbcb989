import type { LogOrigin, RenderedLines } from './log-line.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/** Bytes of text of one line; a longer one is several, as on Heroku. https://devcenter.heroku.com/articles/logging */
export const maximumLineBytes = 10_000

/**
 * Cuts one writer's bytes into lines and renders them. It copies each byte once and makes no object per line, since a
 * busy app writes a hundred thousand lines a second. Bytes stay as written (colours, bad UTF-8, blank lines); of a
 * carriage return before a newline nobody would miss anything, so it goes.
 */
export class LineSplitter {
  readonly #origin: LogOrigin
  /** What came after the last newline. */
  #rest: Buffer[] = []
  #restBytes = 0

  constructor(origin: LogOrigin) {
    this.#origin = origin
  }

  get origin(): LogOrigin {
    return this.#origin
  }

  /** The lines that these bytes finish or fill, or null when there are none yet. */
  split(bytes: Uint8Array, prefix: string): RenderedLines | null {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const end = chunk.lastIndexOf(newline)
    const renderer = new LineRenderer(prefix, this.#restBytes + chunk.length)
    let start = 0
    if (this.#restBytes > 0 && end !== -1) {
      const first = chunk.indexOf(newline)
      renderer.add(Buffer.concat([...this.#rest, chunk.subarray(0, first)]))
      this.#rest = []
      this.#restBytes = 0
      start = first + 1
    }
    while (start <= end) {
      const next = chunk.indexOf(newline, start)
      renderer.add(chunk, start, next)
      start = next + 1
    }
    for (const filled of this.#keepRest(chunk.subarray(start))) renderer.fill(filled)
    return renderer.finish(this.#origin)
  }

  /** Passes over bytes without keeping the lines that they finish or fill; returns how many those are. */
  skip(bytes: Uint8Array): number {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const end = chunk.lastIndexOf(newline)
    if (end !== -1) {
      this.#rest = []
      this.#restBytes = 0
    }
    const filled = this.#keepRest(chunk.subarray(end + 1))
    // Not indexOf for each: of lines of two bytes it would cost more than to keep them.
    let lines = filled.reduce((sum, { length }) => sum + length, 0) / maximumLineBytes
    for (let at = 0; at <= end; at++) if (chunk[at] === newline) lines++
    return lines
  }

  /** The last line of a writer that is gone, when it had no newline. */
  end(prefix: string): RenderedLines | null {
    const renderer = new LineRenderer(prefix, this.#restBytes)
    if (this.#restBytes > 0) renderer.add(Buffer.concat(this.#rest))
    this.#rest = []
    this.#restBytes = 0
    return renderer.finish(this.#origin)
  }

  /** Keeps the beginning of a line. When that is too long for one it gives back the whole lines that it fills. */
  #keepRest(chunk: Buffer): Buffer[] {
    if (chunk.length === 0) return []
    const before = this.#restBytes
    this.#restBytes += chunk.length
    // A byte more than fits may be the carriage return of its end.
    if (this.#restBytes <= maximumLineBytes + 1) {
      // A copy: the reader's buffer is reused, and a slice would keep all of it alive.
      this.#rest.push(Buffer.from(chunk))
      return []
    }
    // Not all of it: with a newline alone to come, or one after its carriage return, that would be a blank line.
    const whole = this.#restBytes - 2 - ((this.#restBytes - 2) % maximumLineBytes)
    // Put together is only what the first line takes; of a line of 100 MB the rest would be copied once more for nothing.
    const seam = Math.min(whole, Math.ceil(before / maximumLineBytes) * maximumLineBytes)
    const [from, to] = [Math.max(0, seam - before), Math.max(0, whole - before)]
    const first = Buffer.concat([...this.#rest, chunk.subarray(0, from)])
    const filled = [first.subarray(0, seam), chunk.subarray(from, to)]
    this.#rest = [Buffer.concat([first.subarray(seam), chunk.subarray(to)])]
    this.#restBytes -= whole
    return filled.filter(({ length }) => length > 0)
  }
}

class LineRenderer {
  readonly #prefix: Buffer
  readonly #textBytes: number
  #out = Buffer.alloc(0)
  #size = 0
  #lines = 0

  constructor(prefix: string, textBytes: number) {
    this.#prefix = Buffer.from(prefix)
    this.#textBytes = textBytes
  }

  /** One line without its newline, as several when it is too long for one. */
  add(text: Buffer, start = 0, end = text.length): void {
    this.#add(text, start, end > start && text[end - 1] === carriageReturn ? end - 1 : end)
  }

  /** Whole lines of one that goes on. */
  fill(text: Buffer): void {
    this.#add(text, 0, text.length)
  }

  #add(text: Buffer, start: number, last: number): void {
    let from = start
    do {
      const to = Math.min(last, from + maximumLineBytes)
      this.#reserve(to - from + this.#prefix.length + 1)
      this.#size += this.#prefix.copy(this.#out, this.#size)
      this.#size += text.copy(this.#out, this.#size, from, to)
      this.#out[this.#size++] = newline
      this.#lines++
      from = to
    } while (from < last)
  }

  finish(origin: LogOrigin): RenderedLines | null {
    if (this.#lines === 0) return null
    // What is much smaller than its buffer is copied, so that 1,500 kept lines don't hold 1,500 large buffers.
    const bytes = this.#out.subarray(0, this.#size)
    return { origin, bytes: this.#size * 2 < this.#out.length ? Buffer.from(bytes) : bytes, lines: this.#lines }
  }

  #reserve(bytes: number): void {
    if (this.#size + bytes <= this.#out.length) return
    const least = this.#out.length === 0 ? this.#textBytes + 16 * (this.#prefix.length + 1) : this.#out.length * 2
    const larger = Buffer.allocUnsafe(Math.max(least, this.#size + bytes))
    this.#out.copy(larger, 0, 0, this.#size)
    this.#out = larger
  }
}

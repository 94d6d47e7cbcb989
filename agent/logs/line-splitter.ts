import type { LogOrigin, RenderedLines } from './log-line.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/** Bytes of text kept of one line; the rest is counted and said. */
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

  /** The complete lines that these bytes finish, or null when there are none yet. */
  split(bytes: Uint8Array, prefix: string): RenderedLines | null {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const end = chunk.lastIndexOf(newline)
    if (end === -1) {
      this.#keepRest(chunk)
      return null
    }
    const renderer = new LineRenderer(prefix, this.#restBytes + end + 1)
    let start = 0
    if (this.#restBytes > 0) {
      const first = chunk.indexOf(newline)
      this.#keepRest(chunk.subarray(0, first))
      this.#renderRest(renderer)
      start = first + 1
    }
    while (start <= end) {
      const next = chunk.indexOf(newline, start)
      renderer.add(chunk, start, next, next - start)
      start = next + 1
    }
    if (start < chunk.length) this.#keepRest(chunk.subarray(start))
    return renderer.finish(this.#origin)
  }

  /** Passes over bytes without keeping the lines that they finish; returns how many those are. */
  skip(bytes: Uint8Array): number {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const end = chunk.lastIndexOf(newline)
    if (end !== -1) {
      this.#rest = []
      this.#restBytes = 0
    }
    this.#keepRest(chunk.subarray(end + 1))
    // Not indexOf for each: of lines of two bytes it would cost more than to keep them.
    let lines = 0
    for (let at = 0; at <= end; at++) if (chunk[at] === newline) lines++
    return lines
  }

  /** The last line of a writer that is gone, when it had no newline. */
  end(prefix: string): RenderedLines | null {
    if (this.#restBytes === 0) return null
    const renderer = new LineRenderer(prefix, this.#restBytes)
    this.#renderRest(renderer)
    return renderer.finish(this.#origin)
  }

  #renderRest(renderer: LineRenderer): void {
    const line = Buffer.concat(this.#rest)
    renderer.add(line, 0, line.length, this.#restBytes)
    this.#rest = []
    this.#restBytes = 0
  }

  #keepRest(chunk: Buffer): void {
    // One byte more than a line may have, for a carriage return.
    const room = Math.max(0, maximumLineBytes + 1 - Math.min(this.#restBytes, maximumLineBytes + 1))
    // A copy: the reader's buffer is reused, and a slice would keep all of it alive.
    if (room > 0 && chunk.length > 0) this.#rest.push(Buffer.from(chunk.subarray(0, room)))
    this.#restBytes += chunk.length
  }
}

class LineRenderer {
  readonly #prefix: Buffer
  #out: Buffer
  #size = 0
  #lines = 0

  constructor(prefix: string, textBytes: number) {
    this.#prefix = Buffer.from(prefix)
    this.#out = Buffer.allocUnsafe(textBytes + 16 * (this.#prefix.length + 1))
  }

  /** One line without its newline; `fullLength` is what it had before its text was cut for memory's sake. */
  add(text: Buffer, start: number, end: number, fullLength: number): void {
    let last = end
    if (last > start && last - start === fullLength && text[last - 1] === carriageReturn) last--
    const isCut = last - start > maximumLineBytes || fullLength > maximumLineBytes + 1
    if (isCut) last = start + maximumLineBytes
    this.#reserve(last - start + this.#prefix.length + 64)
    this.#size += this.#prefix.copy(this.#out, this.#size)
    this.#size += text.copy(this.#out, this.#size, start, last)
    if (isCut) this.#size += this.#out.write(` [cut: ${fullLength - maximumLineBytes} bytes more]`, this.#size)
    this.#out[this.#size++] = newline
    this.#lines++
  }

  finish(origin: LogOrigin): RenderedLines {
    // What is much smaller than its buffer is copied, so that 1,500 kept lines don't hold 1,500 large buffers.
    const bytes = this.#out.subarray(0, this.#size)
    return { origin, bytes: this.#size * 2 < this.#out.length ? Buffer.from(bytes) : bytes, lines: this.#lines }
  }

  #reserve(bytes: number): void {
    if (this.#size + bytes <= this.#out.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#out.length * 2, this.#size + bytes))
    this.#out.copy(larger, 0, 0, this.#size)
    this.#out = larger
  }
}

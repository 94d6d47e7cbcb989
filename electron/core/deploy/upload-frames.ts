import { HearthError } from '../../../agent/contract/errors.ts'

const maximumHeaderBytes = 16 * 1024

/** Reads `uint32 length, header, content` again and again from bytes that come in any pieces. */
export class FrameReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array()

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]()
  }

  /** Null when the bytes end where a frame could begin. */
  async readHeader(): Promise<string | null> {
    const length = await this.#take(4, true)
    if (length === null) return null
    const size = Buffer.from(length).readUInt32BE()
    if (size > maximumHeaderBytes)
      throw new HearthError('bad_request', 'What was uploaded is not a folder as Hearth sends it.')
    return Buffer.from((await this.#take(size, false)) ?? []).toString('utf8')
  }

  /** Exactly that many bytes, in the pieces in which they come. */
  async *readContent(size: number): AsyncIterable<Uint8Array> {
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#fill())) throw brokenOff()
      const piece = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  async #take(size: number, mayEnd: boolean): Promise<Uint8Array | null> {
    while (this.#rest.length < size) {
      if (await this.#fill()) continue
      if (mayEnd && this.#rest.length === 0) return null
      throw brokenOff()
    }
    const taken = this.#rest.subarray(0, size)
    this.#rest = this.#rest.subarray(size)
    return taken
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#chunks.next()
    if (done) return false
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value])
    return true
  }
}

function brokenOff(): HearthError {
  return new HearthError('bad_request', 'The upload ended in the middle of a file. Drop the folder again.')
}

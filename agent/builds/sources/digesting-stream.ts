import { createHash } from 'node:crypto'
import { HearthError } from '../../contract/errors.ts'

/** Bytes on their way, and the digest of what went by. */
export class DigestingStream {
  readonly #hash = createHash('sha256')

  async *watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      this.#hash.update(chunk)
      yield chunk
    }
  }

  /** SHA-256 of all that went through so far. */
  get hex(): string {
    return this.#hash.copy().digest('hex')
  }

  require(checksum: string | null): void {
    if (checksum === null) return
    const actual = `SHA256:${this.hex}`
    if (actual.toLowerCase() === checksum.toLowerCase()) return
    throw new HearthError(
      'build_failed',
      `The source's checksum is ${actual}, but ${checksum.slice(0, 100)} was announced.`,
    )
  }
}

import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2'
import { PassThrough, pipeline } from 'node:stream'
import { errorBody } from '../../agent/contract/error-body.ts'
import { type ErrorId, errorStatus, HearthError } from '../../agent/contract/errors.ts'
import { giveUp } from './give-up.ts'

export function lost(cause?: unknown): HearthError {
  return new HearthError('unavailable', 'The connection to the server was lost.', { cause })
}

interface Head {
  readonly status: number
  readonly nextRange: string | null
}

const partialContent = 206

/** What comes back on one stream: a head, then a body that is read whole or bit by bit. */
export class Answer {
  readonly #stream: ClientHttp2Stream
  readonly #body = new PassThrough()
  readonly #head: Promise<Head | null>
  readonly #expected: number
  readonly #session: ClientHttp2Session | undefined
  #failure: unknown

  constructor(stream: ClientHttp2Stream, expectedStatus: number) {
    this.#stream = stream
    this.#session = stream.session as ClientHttp2Session | undefined
    this.#expected = expectedStatus
    this.#head = new Promise((resolve) => {
      stream.once('response', (headers) => {
        const nextRange = headers['next-range']
        resolve({ status: Number(headers[':status']), nextRange: nextRange === undefined ? null : String(nextRange) })
      })
      stream.once('close', () => resolve(null))
    })
    // Failures show in the status or the body.
    stream.on('error', () => {})
    // Node throws away a body that nobody reads by the time the stream closes, which may be in the same tick as the
    // head arrives. So it is read from the start, as far as back-pressure lets it.
    pipeline(stream, this.#body, (error) => {
      this.#failure = error
    })
  }

  /**
   * Waits for the head; anything but success becomes the HearthError that the body tells. Returns what asks for the rest of
   * a list that came in part, else null.
   */
  async expectSuccess(): Promise<string | null> {
    const head = await this.#head
    if (head === null) throw lost(this.#failure)
    const { status, nextRange } = head
    if (status !== this.#expected && status !== partialContent) throw await this.#readError(status)
    return nextRange
  }

  async readJson(): Promise<unknown> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of this.#body as AsyncIterable<Buffer>) chunks.push(chunk)
      return JSON.parse(Buffer.concat(chunks).toString('utf8'))
    } catch (cause) {
      throw lost(cause)
    }
  }

  /** The body's bytes; an aborted signal just ends them, a lost connection throws. */
  async *read(signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const abort = () => this.close()
    signal?.addEventListener('abort', abort)
    try {
      if (signal?.aborted) return
      await this.expectSuccess()
      for await (const chunk of this.#body as AsyncIterable<Buffer>) yield chunk
      // Node ends the streams of a connection that broke as if they had been complete.
      if (!signal?.aborted && this.#session?.destroyed) throw lost()
    } catch (error) {
      if (signal?.aborted) return
      throw error instanceof HearthError ? error : lost(error)
    } finally {
      signal?.removeEventListener('abort', abort)
      this.close()
    }
  }

  dismiss(): void {
    this.#body.resume()
  }

  close(): void {
    giveUp(this.#stream)
    this.#body.destroy()
  }

  /** An error of the agent as the same error here; an id that we don't know becomes `internal`, its words stay. */
  async #readError(status: number): Promise<HearthError> {
    const parsed = errorBody.safeParse(await this.readJson().catch(() => null))
    if (!parsed.success) return new HearthError('internal', `The server answered with status ${status} and no reason.`)
    const { id, message, resource } = parsed.data
    return new HearthError(isErrorId(id) ? id : 'internal', message, resource === undefined ? {} : { resource })
  }
}

function isErrorId(id: string): id is ErrorId {
  return Object.hasOwn(errorStatus, id)
}

import type { BridgeStream, ErrorEnvelope } from '../../../electron/bridge/contract.ts'

/** Bytes that each side may have in flight on one stream before the other grants more. */
export const windowBytes = 1024 * 1024
/** Grants are gathered: one control frame for this many bytes taken. */
const grantBytes = windowBytes / 8
/** Longer writes travel in pieces, so that a stream can't hold the wire against the others. */
const pieceBytes = 64 * 1024

interface Outlet {
  send(frame: object): void
  sendBytes(message: Uint8Array): void
}

/** One stream of the bridge, at the renderer's end. */
export class RpcStream<Result> implements BridgeStream<Result> {
  readonly bytes: ReadableStream<Uint8Array>
  readonly result: Promise<Result>
  readonly #id: number
  readonly #outlet: Outlet
  readonly #settle = Promise.withResolvers<Result>()
  readonly #waiting: (() => void)[] = []
  #source: ReadableStreamDefaultController<Uint8Array> | null = null
  #window = windowBytes
  #taken = 0
  #isReadable = true
  #isWritable = true
  #isSettled = false
  readonly #queue: Uint8Array[] = []
  #wantsMore: (() => void) | null = null

  constructor(id: number, outlet: Outlet) {
    this.#id = id
    this.#outlet = outlet
    this.result = this.#settle.promise
    // Who only reads the bytes must not get an unhandled rejection for the result.
    this.result.catch(() => undefined)
    this.bytes = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#source = controller
        },
        pull: () => this.#pull(),
        cancel: () => this.cancel(),
      },
      { highWaterMark: 0 },
    )
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      while (this.#window === 0 && this.#isWritable) await new Promise<void>((resolve) => this.#waiting.push(resolve))
      if (!this.#isWritable) throw this.#closedError()
      const piece = bytes.subarray(from, from + Math.min(this.#window, pieceBytes))
      this.#window -= piece.length
      from += piece.length
      this.#outlet.sendBytes(frameBytes(this.#id, piece))
    }
    while (this.#window === 0 && this.#isWritable) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  end(): void {
    if (!this.#isWritable) return
    this.#stopWriting()
    this.#outlet.send({ t: 'end', i: this.#id })
  }

  cancel(): void {
    if (this.#isSettled) return
    this.#outlet.send({ t: 'cancel', i: this.#id })
    this.#stopWriting()
    this.#closeBytes()
  }

  receiveBytes(bytes: Uint8Array): void {
    // After a cancel nobody takes them; what was on its way must not use up the window.
    if (!this.#isReadable) this.#grant(bytes.length)
    else this.#queue.push(bytes)
    this.#wantsMore?.()
  }

  receiveEnd(): void {
    this.#closeBytes()
  }

  receiveCredit(bytes: number): void {
    this.#window += bytes
    for (const resume of this.#waiting.splice(0)) resume()
  }

  resolve(result: Result): void {
    this.#isSettled = true
    this.#stopWriting()
    this.#closeBytes()
    this.#settle.resolve(result)
  }

  reject(error: ErrorEnvelope): void {
    this.#isSettled = true
    this.#stopWriting()
    this.#closeBytes()
    this.#settle.reject(error)
  }

  /** Hands over the next bytes; the grant for them goes out when they are taken, not when they arrive. */
  async #pull(): Promise<void> {
    while (this.#queue.length === 0 && this.#isReadable)
      await new Promise<void>((resolve) => {
        this.#wantsMore = resolve
      })
    this.#wantsMore = null
    const bytes = this.#queue.shift()
    if (bytes) {
      this.#source?.enqueue(bytes)
      this.#grant(bytes.length)
    } else this.#source?.close()
  }

  #grant(bytes: number): void {
    this.#taken += bytes
    if (this.#taken < grantBytes || this.#isSettled) return
    this.#outlet.send({ t: 'credit', i: this.#id, c: this.#taken })
    this.#taken = 0
  }

  #closeBytes(): void {
    this.#isReadable = false
    this.#wantsMore?.()
  }

  #stopWriting(): void {
    this.#isWritable = false
    for (const resume of this.#waiting.splice(0)) resume()
  }

  #closedError(): ErrorEnvelope {
    return { id: 'unavailable', message: 'The stream has ended; nothing more can be sent on it.', detail: null }
  }
}

function frameBytes(id: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + bytes.length)
  new DataView(frame.buffer).setUint32(0, id)
  frame.set(bytes, 4)
  return frame
}

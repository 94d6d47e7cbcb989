import { windowBytes } from './wire.ts'

/** What a pipe asks of its wire. */
export interface PipeOutlet {
  sendBytes(bytes: Uint8Array): void
  sendCredit(bytes: number): void
}

/** The bytes of one stream as its answer sees them. */
export interface Pipe {
  /** What the renderer writes. */
  readonly bytes: ReadableStream<Uint8Array>
  /** Resolves when the renderer has room for more. */
  write(bytes: Uint8Array): Promise<void>
  /** Aborts when the renderer cancels or its wire closes. */
  readonly signal: AbortSignal
}

const maximumFrameBytes = 64 * 1024

/**
 * Both directions of one stream under credit: neither side ever has more than a window on the way, so a slow terminal
 * slows its source instead of filling memory.
 */
export class FlowPipe implements Pipe {
  readonly bytes: ReadableStream<Uint8Array>
  readonly #outlet: PipeOutlet
  readonly #abort = new AbortController()
  #input: ReadableStreamDefaultController<Uint8Array> | undefined
  #credit = windowBytes
  #received = 0
  #wake: (() => void) | undefined

  constructor(outlet: PipeOutlet) {
    this.#outlet = outlet
    this.bytes = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#input = controller
        },
        pull: () => this.#grant(),
      },
      { highWaterMark: windowBytes / 2, size: (chunk) => chunk?.length ?? 0 },
    )
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      while (this.#credit === 0 && !this.signal.aborted) await new Promise<void>((resolve) => (this.#wake = resolve))
      if (this.signal.aborted) return
      const end = Math.min(bytes.length, offset + Math.min(this.#credit, maximumFrameBytes))
      this.#credit -= end - offset
      this.#outlet.sendBytes(bytes.subarray(offset, end))
      offset = end
    }
  }

  /** Bytes from the renderer. False when it sends more than it was allowed. */
  receive(bytes: Uint8Array): boolean {
    this.#received += bytes.length
    if (this.#received > windowBytes) return false
    this.#input?.enqueue(bytes.slice())
    if ((this.#input?.desiredSize ?? 0) > 0) this.#grant()
    return true
  }

  addCredit(bytes: number): void {
    this.#credit += bytes
    this.#wake?.()
  }

  endInput(): void {
    this.#input?.close()
    this.#input = undefined
  }

  cancel(): void {
    if (this.signal.aborted) return
    this.#abort.abort()
    this.#wake?.()
    this.#input?.close()
    this.#input = undefined
  }

  #grant(): void {
    if (this.#received === 0) return
    this.#outlet.sendCredit(this.#received)
    this.#received = 0
  }
}

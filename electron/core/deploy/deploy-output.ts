const maximumBytes = 4 * 1024 * 1024
const chunkBytes = 64 * 1024

/** A build's output from its start. Bounded: what is dropped of a long one is counted, and readers are told. */
export class DeployOutput {
  #chunks: Uint8Array[] = []
  /** Position of the first byte that is kept, and of the one after the last. */
  #start = 0
  #end = 0
  #isEnded = false
  #wake: (() => void)[] = []
  readonly #maximumBytes: number

  constructor(maximum = maximumBytes) {
    this.#maximumBytes = maximum
  }

  append(bytes: Uint8Array): void {
    const last = this.#chunks.at(-1)
    if (last && last.length + bytes.length <= chunkBytes) this.#chunks[this.#chunks.length - 1] = join(last, bytes)
    else this.#chunks.push(bytes.slice())
    this.#end += bytes.length
    while (this.#end - this.#start > this.#maximumBytes && this.#chunks.length > 1)
      this.#start += this.#chunks.shift()?.length ?? 0
    this.#wakeAll()
  }

  end(): void {
    this.#isEnded = true
    this.#wakeAll()
  }

  /** The kept end as text, for the reason of a failure. */
  tail(bytes: number): string {
    return Buffer.concat(this.#chunks).subarray(-bytes).toString('utf8')
  }

  /** From the start, however late; ends with the output or the signal. */
  async *follow(signal: AbortSignal): AsyncIterable<Uint8Array> {
    let position = 0
    signal.addEventListener('abort', () => this.#wakeAll(), { once: true })
    while (!signal.aborted) {
      if (position < this.#start) {
        yield Buffer.from(`[${this.#start - position} bytes of the output before this are no longer kept]\n`)
        position = this.#start
      } else if (position < this.#end) {
        const bytes = this.#from(position)
        position += bytes.length
        yield bytes
      } else if (this.#isEnded) return
      else await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
  }

  #from(position: number): Uint8Array {
    let at = this.#start
    for (const chunk of this.#chunks) {
      if (position < at + chunk.length) return chunk.subarray(position - at)
      at += chunk.length
    }
    return new Uint8Array()
  }

  #wakeAll(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}

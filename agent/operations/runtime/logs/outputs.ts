import { randomBytes, randomUUID } from 'node:crypto'
import { limits } from '../../../core/limits.ts'
import type { Store } from '../../../core/ports/store.ts'

interface LiveOutput {
  readonly pieces: string[]
  /** How many pieces are in the store. */
  saved: number
  length: number
  isFinished: boolean
  changed: PromiseWithResolvers<void>
}

/** What builds and release phases print: followed live by any number of readers, and kept. */
export class Outputs {
  readonly #store: Store
  readonly #report: (problem: string, cause: unknown) => void
  readonly #live = new Map<string, LiveOutput>()
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(store: Store, report: (problem: string, cause: unknown) => void) {
    this.#store = store
    this.#report = report
  }

  /** The id of a new output of an app; its secret is in the store. */
  create(appId: string): string {
    const id = randomUUID()
    this.#store.outputs.create({ id, appId, secret: randomBytes(24).toString('base64url') })
    this.#live.set(id, { pieces: [], saved: 0, length: 0, isFinished: false, changed: Promise.withResolvers() })
    return id
  }

  /** Takes up an output that was being written when the agent before this one ended. */
  resume(id: string): void {
    const text = this.#store.outputs.read(id)
    const pieces = text ? [text] : []
    const changed = Promise.withResolvers<void>()
    this.#live.set(id, { pieces, saved: pieces.length, length: text.length, isFinished: false, changed })
  }

  write(id: string, text: string): void {
    const output = this.#live.get(id)
    if (!output || text === '' || output.length > limits.outputBytes) return
    output.length += text.length
    output.pieces.push(
      output.length > limits.outputBytes ? '\n !     The output is too long; the rest is not kept.\n' : text,
    )
    wake(output)
    // In batches: each commit waits for the disk.
    if (!this.#timers.has(id))
      this.#timers.set(
        id,
        setTimeout(() => this.#trySave(id), 200),
      )
  }

  finish(id: string): void {
    const output = this.#live.get(id)
    if (output) {
      this.#trySave(id)
      output.isFinished = true
      wake(output)
      this.#live.delete(id)
    }
    this.#store.outputs.finish(id)
  }

  /** Everything from the start, then what comes, until the output is finished or the signal aborts. */
  async *read(id: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const output = this.#live.get(id)
    const encoder = new TextEncoder()
    if (!output) {
      yield encoder.encode(this.#store.outputs.read(id))
      return
    }
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    for (let next = 0; !signal.aborted; ) {
      const text = output.pieces.slice(next).join('')
      next = output.pieces.length
      if (text) yield encoder.encode(text)
      else if (output.isFinished) return
      else await Promise.race([output.changed.promise, aborted])
    }
  }

  /** Writes everything of one output into another one, as it comes, until the first is finished. */
  async copy(from: string, to: string, signal: AbortSignal): Promise<void> {
    const decoder = new TextDecoder()
    for await (const bytes of this.read(from, signal)) this.write(to, decoder.decode(bytes, { stream: true }))
  }

  /** Saves what is not saved yet. */
  close(): void {
    for (const id of this.#timers.keys()) this.#trySave(id)
  }

  /** A full disk must not end the agent; what could not be saved stays in memory and is tried again. */
  #trySave(id: string): void {
    try {
      this.#save(id)
    } catch (error) {
      this.#report('saving output failed', error)
    }
  }

  #save(id: string): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    const output = this.#live.get(id)
    // The app may have been destroyed meanwhile, and its outputs with it.
    if (!output || output.saved === output.pieces.length || this.#store.outputs.secret(id) === null) return
    this.#store.outputs.append(id, output.pieces.slice(output.saved).join(''))
    output.saved = output.pieces.length
  }
}

function wake(output: LiveOutput): void {
  output.changed.resolve()
  output.changed = Promise.withResolvers()
}

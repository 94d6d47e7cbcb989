import { HearthError } from '../../contract/errors.ts'
import type { Background } from './background.ts'

interface QueuedBuild {
  readonly id: string
  readonly controller: AbortController
  readonly run: (signal: AbortSignal) => Promise<void>
}

/** Builds of all apps wait here for their turn; by default one runs at a time, so that live apps don't feel it. */
export class BuildQueue {
  readonly #concurrency: number
  readonly #background: Background
  readonly #waiting: QueuedBuild[] = []
  readonly #running = new Map<string, QueuedBuild>()

  constructor(concurrency: number, background: Background) {
    this.#concurrency = concurrency
    this.#background = background
  }

  get queued(): number {
    return this.#waiting.length
  }

  get running(): number {
    return this.#running.size
  }

  /** `run` is called also for a build that was cancelled while it waited, with its signal aborted. */
  add(id: string, run: (signal: AbortSignal) => Promise<void>): void {
    this.#waiting.push({ id, run, controller: new AbortController() })
    this.#startNext()
  }

  /** False when the build is neither waiting nor running. */
  cancel(id: string, reason: string): boolean {
    const build = this.#running.get(id) ?? this.#waiting.find((waiting) => waiting.id === id)
    if (!build) return false
    build.controller.abort(new HearthError('gone', reason))
    const index = this.#waiting.indexOf(build)
    if (index >= 0) {
      this.#waiting.splice(index, 1)
      this.#background.run('ending a cancelled build', () => build.run(build.controller.signal))
    }
    return true
  }

  #startNext(): void {
    if (this.#running.size >= this.#concurrency) return
    const build = this.#waiting.shift()
    if (!build) return
    this.#running.set(build.id, build)
    this.#background.run('a build', async () => {
      try {
        await build.run(AbortSignal.any([build.controller.signal, this.#background.signal]))
      } finally {
        this.#running.delete(build.id)
        this.#startNext()
      }
    })
  }
}

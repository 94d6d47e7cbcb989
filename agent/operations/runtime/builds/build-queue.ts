import { HearthError } from '../../../contract/errors.ts'
import type { Background } from '../background.ts'

interface QueuedBuild {
  readonly id: string
  readonly controller: AbortController
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly onAhead: (builds: number) => void
  ahead: number
}

/** Builds of all apps wait here for their turn; by default one runs at a time, so that live apps don't feel it. */
export class BuildQueue {
  readonly #concurrency: number
  readonly #background: Background
  readonly #waiting: QueuedBuild[] = []
  readonly #running = new Map<string, QueuedBuild>()
  /** Wanted between builds; one is as good as many. */
  #idleWork: (() => Promise<void>) | null = null
  #isIdleWorking = false
  #idleDone: Promise<void> = Promise.resolve()
  #aside = 0

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

  /** How many builds start or end before this one starts; 0 when it runs or is not there. */
  ahead(id: string): number {
    return this.#waiting.find((build) => build.id === id)?.ahead ?? 0
  }

  /**
   * `run` is called also for a build that was cancelled while it waited, with its signal aborted. `onAhead` is told
   * how many builds are before it, whenever that changes and it has to wait.
   */
  add(id: string, run: (signal: AbortSignal) => Promise<void>, onAhead: (builds: number) => void): void {
    this.#waiting.push({ id, run, onAhead, ahead: 0, controller: new AbortController() })
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
      this.#tellWaiting()
    }
    return true
  }

  /** Does the work as soon as no build runs; none starts meanwhile. */
  runWhenIdle(work: () => Promise<void>): void {
    this.#idleWork = work
    this.#startNext()
  }

  /**
   * Work that makes files which no row speaks of yet, as a build does, and waits for no build: what runs between builds waits
   * for it.
   */
  async runAside(work: () => Promise<void>): Promise<void> {
    await this.#idleDone
    this.#aside += 1
    try {
      await work()
    } finally {
      this.#aside -= 1
      this.#startNext()
    }
  }

  #startNext(): void {
    if (this.#isIdleWorking) return
    if (this.#idleWork) {
      // Builds that wait let it go first, or a busy server would never come to it.
      if (this.#running.size + this.#aside === 0) this.#workIdly(this.#idleWork)
      return
    }
    if (this.#running.size >= this.#concurrency) return this.#tellWaiting()
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
    this.#tellWaiting()
  }

  #workIdly(work: () => Promise<void>): void {
    this.#idleWork = null
    this.#isIdleWorking = true
    const done = Promise.withResolvers<void>()
    this.#idleDone = done.promise
    this.#background.run('work between builds', async () => {
      try {
        await work()
      } finally {
        this.#isIdleWorking = false
        done.resolve()
        this.#startNext()
      }
    })
  }

  #tellWaiting(): void {
    for (const [index, build] of this.#waiting.entries()) {
      const ahead = this.#running.size + index
      if (build.ahead === ahead) continue
      build.ahead = ahead
      build.onAhead(ahead)
    }
  }
}

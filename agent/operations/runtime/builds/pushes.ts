import type { Actor } from '../../../core/ports/store.ts'

interface RunningPush {
  readonly actor: Actor
  readonly done: Promise<void>
}

/** Pushes that are being built and released: one an app, so that a branch and what runs of it stay in step. */
export class Pushes {
  readonly #running = new Map<string, RunningPush>()

  /** The push to the app that is being built now, if any. */
  running(appId: string): RunningPush | null {
    return this.#running.get(appId) ?? null
  }

  /** The caller has looked that none is running. */
  async run<T>(appId: string, actor: Actor, work: () => Promise<T>): Promise<T> {
    const { promise: done, resolve } = Promise.withResolvers<void>()
    this.#running.set(appId, { actor, done })
    try {
      return await work()
    } finally {
      this.#running.delete(appId)
      resolve()
    }
  }
}

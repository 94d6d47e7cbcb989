import { HearthError } from '../../contract/errors.ts'

interface Turn {
  last: Promise<unknown>
  waiting: number
  controller: AbortController
}

/** One queue an app for what changes it, first come first served. Reads don't queue. */
export class AppTurns {
  readonly #turns = new Map<string, Turn>()
  readonly #closing: AbortSignal

  constructor(closing: AbortSignal) {
    this.#closing = closing
  }

  /** Runs `work` once all earlier turns of the app are over. The signal aborts when the app is interrupted. */
  take<T>(appId: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const turn = this.#turns.get(appId) ?? {
      last: Promise.resolve(),
      waiting: 0,
      controller: new AbortController(),
    }
    this.#turns.set(appId, turn)
    const { signal } = turn.controller
    turn.waiting += 1
    const result = turn.last.then(() => {
      signal.throwIfAborted()
      // What still waits is not begun any more: nobody would finish it.
      this.#closing.throwIfAborted()
      return work(signal)
    })
    turn.last = result
      .catch(() => undefined)
      .then(() => {
        turn.waiting -= 1
        if (turn.waiting === 0 && this.#turns.get(appId) === turn) this.#turns.delete(appId)
      })
    return result
  }

  /** Whether somebody changes the app, or waits to. */
  isBusy(appId: string): boolean {
    return this.#turns.has(appId)
  }

  /** Aborts what runs, refuses what waits; turns taken from now on come after them. */
  interrupt(appId: string, reason: string): void {
    const turn = this.#turns.get(appId)
    if (!turn) return
    turn.controller.abort(new HearthError('conflict', reason))
    turn.controller = new AbortController()
  }
}

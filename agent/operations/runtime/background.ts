import { HearthError } from '../../contract/errors.ts'
import type { Clock } from '../../core/ports/clock.ts'

/** Work that no caller waits for: owned here, so that closing the platform ends it. */
export class Background {
  readonly #controller = new AbortController()
  readonly #running = new Set<Promise<void>>()
  readonly #report: (problem: string, cause: unknown) => void

  constructor(report: (problem: string, cause: unknown) => void) {
    this.#report = report
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** `what` completes the sentence "... failed" for the operator. */
  run(what: string, work: () => Promise<unknown>): void {
    if (this.signal.aborted) return
    const running = work()
      .then(
        () => undefined,
        (cause: unknown) => this.#tell(what, cause),
      )
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Again and again, until the platform closes: what fails at one time is reported, and comes at the next. */
  repeat(what: string, { clock, everyMs }: { clock: Clock; everyMs: number }, work: () => Promise<unknown>): void {
    this.run(what, async () => {
      for (;;) {
        await clock.delay(everyMs, this.signal)
        await work().catch((cause: unknown) => this.#tell(what, cause))
      }
    })
  }

  #tell(what: string, cause: unknown): void {
    if (!this.signal.aborted && !isExpected(cause)) this.#report(`${what} failed`, cause)
  }

  async close(): Promise<void> {
    this.#controller.abort(new DOMException('The agent is closing.', 'AbortError'))
    await Promise.all(this.#running)
  }
}

/** Failures that users are told about where they happen: a dyno that does not boot is no news for the operator. */
function isExpected(cause: unknown): boolean {
  return cause instanceof HearthError && cause.id !== 'internal'
}

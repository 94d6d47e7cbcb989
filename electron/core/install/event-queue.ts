import type { InstallEvent, Report } from './event.ts'

/** Turns a task that reports into something to iterate over. Its reader is quick; what waits is small. */
export class EventQueue implements AsyncIterable<InstallEvent> {
  readonly #waiting: InstallEvent[] = []
  readonly #stop = new AbortController()
  #wake = () => {}
  #task: Promise<void> = Promise.resolve()
  #isOver = false

  static run(signal: AbortSignal, task: (report: Report, signal: AbortSignal) => Promise<void>): EventQueue {
    const queue = new EventQueue()
    const report: Report = (event) => {
      queue.#waiting.push(event)
      queue.#wake()
    }
    queue.#task = task(report, AbortSignal.any([signal, queue.#stop.signal])).finally(() => {
      queue.#isOver = true
      queue.#wake()
    })
    queue.#task.catch(() => {})
    return queue
  }

  async *[Symbol.asyncIterator](): AsyncIterator<InstallEvent> {
    try {
      while (true) {
        yield* this.#waiting.splice(0)
        if (this.#waiting.length > 0) continue
        if (this.#isOver) break
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
      await this.#task
    } finally {
      this.#stop.abort()
    }
  }
}

/** How many wait for somebody who listens; older ones are of no use by then. */
const keptMost = 20

/** Hands things to whoever listens; what comes before anybody does waits. */
export class WaitingLine<T> {
  readonly #listeners = new Set<(each: T) => void>()
  #waiting: T[] = []

  put(each: T): void {
    if (this.#listeners.size === 0) this.#waiting = [...this.#waiting, each].slice(-keptMost)
    for (const listener of this.#listeners) listener(each)
  }

  /** Returns what ends it. */
  listen(listener: (each: T) => void): () => void {
    this.#listeners.add(listener)
    for (const each of this.#waiting.splice(0)) listener(each)
    return () => this.#listeners.delete(listener)
  }
}

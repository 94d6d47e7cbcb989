interface Waiting {
  /** Lower goes first. */
  readonly rank: number
  readonly enter: () => void
}

/**
 * So many dynos start at once: after a reboot every app wants to, and a machine that starts them all starts none in
 * time. Who comes in the same moment is let in by rank, then in the order of asking.
 */
export class StartSlots {
  readonly #waiting: Waiting[] = []
  #free: number
  #isAdmitting = false

  constructor(slots: number) {
    this.#free = Math.max(1, slots)
  }

  /** Resolves when it is this one's turn, to a function that ends it. */
  async take(rank: number): Promise<() => void> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ rank, enter })
      this.#admitSoon()
    })
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#free += 1
      this.#admitSoon()
    }
  }

  /** Not at once: what else asks in this moment may rank before. */
  #admitSoon(): void {
    if (this.#isAdmitting) return
    this.#isAdmitting = true
    setImmediate(() => {
      this.#isAdmitting = false
      this.#waiting.sort((a, b) => a.rank - b.rank)
      for (const { enter } of this.#waiting.splice(0, this.#free)) {
        this.#free -= 1
        enter()
      }
    })
  }
}

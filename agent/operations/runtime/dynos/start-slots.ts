/** Who wants a turn. */
export interface Turn {
  readonly appId: string
  /** Of one app the lower goes first. */
  readonly rank: number
}

interface Waiting extends Turn {
  readonly enter: () => void
}

/**
 * So many dynos start at once: a machine that starts them all, after a reboot or for one big app, starts none in time. The next
 * turn is the app's that has the fewest, so that one with many dynos does not hold up the others; then it goes by rank, then by
 * the order of asking.
 */
export class StartSlots {
  readonly #waiting: Waiting[] = []
  /** How many slots each app has. */
  readonly #held = new Map<string, number>()
  #free: number
  #isAdmitting = false

  constructor(slots: number) {
    this.#free = Math.max(1, slots)
  }

  /** Whether who comes now has to wait. */
  get isTaken(): boolean {
    return this.#waiting.length >= this.#free
  }

  /** Resolves when it is this one's turn, to a function that ends it. Rejects when the signal aborts before: then it had none. */
  async take(turn: Turn, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const waiting = { ...turn, enter: () => settle(resolve) }
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        settle(() => reject(signal.reason))
      }
      const settle = (how: () => void) => {
        signal.removeEventListener('abort', onAbort)
        how()
      }
      signal.addEventListener('abort', onAbort)
      this.#waiting.push(waiting)
      this.#admitSoon()
    })
    return this.#leaveOnce(turn)
  }

  #leaveOnce({ appId }: Turn): () => void {
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#free += 1
      const held = this.#heldBy(appId) - 1
      if (held > 0) this.#held.set(appId, held)
      else this.#held.delete(appId)
      this.#admitSoon()
    }
  }

  /** Not at once: what else asks in this moment may go before. */
  #admitSoon(): void {
    if (this.#isAdmitting) return
    this.#isAdmitting = true
    setImmediate(() => {
      this.#isAdmitting = false
      while (this.#free > 0) {
        const next = this.#takeNext()
        if (!next) return
        this.#free -= 1
        this.#held.set(next.appId, this.#heldBy(next.appId) + 1)
        next.enter()
      }
    })
  }

  #takeNext(): Waiting | undefined {
    const [first, ...rest] = this.#waiting
    if (!first) return undefined
    const next = rest.reduce((best, one) => (this.#goesBefore(one, best) ? one : best), first)
    this.#waiting.splice(this.#waiting.indexOf(next), 1)
    return next
  }

  #goesBefore(one: Turn, other: Turn): boolean {
    const fewer = this.#heldBy(one.appId) - this.#heldBy(other.appId)
    return fewer < 0 || (fewer === 0 && one.rank < other.rank)
  }

  #heldBy(appId: string): number {
    return this.#held.get(appId) ?? 0
  }
}

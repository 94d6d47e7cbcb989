import type { Event, EventTopic, OperationStep } from '../../contract/event.ts'
import type { Clock } from '../../core/ports/clock.ts'

interface AppReference {
  readonly id: string
  readonly name: string
}

/** Tells every subscriber what changed, in one order. */
export class EventHub {
  readonly #clock: Clock
  readonly #listeners = new Set<(event: Event) => void>()
  #sequence = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves with what `look` finds, now or after an event; rejects with what it throws, or when the signal aborts. */
  until<T>(look: () => T | null, signal: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const check = () => {
      try {
        const found = look()
        if (found !== null) resolve(found)
      } catch (error) {
        reject(error)
      }
    }
    const unsubscribe = this.subscribe(check)
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    check()
    return promise.finally(() => {
      unsubscribe()
      signal.removeEventListener('abort', onAbort)
    })
  }

  /** The named list of the app changed. */
  changed(topic: EventTopic, app: AppReference | null): void {
    this.#emit(this.#event(topic, app, null))
  }

  step(app: AppReference, step: OperationStep): void {
    this.#emit(this.#event('operation', app, step))
  }

  #event(topic: EventTopic, app: AppReference | null, step: OperationStep | null): Event {
    const at = new Date(this.#clock.now()).toISOString()
    return { sequence: ++this.#sequence, at, topic, app: app && { id: app.id, name: app.name }, step }
  }

  #emit(event: Event): void {
    for (const listener of this.#listeners) listener(event)
  }
}

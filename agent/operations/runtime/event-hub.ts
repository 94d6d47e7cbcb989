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

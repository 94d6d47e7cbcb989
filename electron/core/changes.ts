import type { EventTopic, OperationStep } from '../../agent/contract/event.ts'

/** Something changed; whoever shows the topic asks again. */
export interface Change {
  readonly topic: EventTopic | 'servers' | 'deploys' | 'ledger' | 'settings'
  readonly serverId: string | null
  readonly appId: string | null
  readonly step: OperationStep | null
}

/** Tells every window what changed, wherever it came from. */
export class Changes {
  readonly #listeners = new Set<(change: Change) => void>()

  emit(change: Partial<Change> & Pick<Change, 'topic'>): void {
    const whole = { serverId: null, appId: null, step: null, ...change }
    for (const listener of this.#listeners) listener(whole)
  }

  /** Returns what ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

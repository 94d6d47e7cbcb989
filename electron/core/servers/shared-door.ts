import type { AgentDoor } from '../ports/agent-door.ts'

/** One door for all requests of others, opened by the first and kept as long as it leads somewhere. */
export class SharedDoor {
  readonly #openDoor: () => Promise<AgentDoor>
  #door: Promise<AgentDoor> | null = null

  constructor(openDoor: () => Promise<AgentDoor>) {
    this.#openDoor = openDoor
  }

  open(): Promise<AgentDoor> {
    if (this.#door) return this.#door
    const opened = this.#openDoor()
    this.#door = opened
    const forget = () => {
      if (this.#door === opened) this.#door = null
    }
    opened.then((door) => door.closed.finally(forget), forget)
    return opened
  }

  async close(): Promise<void> {
    const door = await this.#door?.catch(() => null)
    await door?.close()
  }
}

import type { AgentDoor } from '../../core/ports/agent-door.ts'

/** One door a server, opened by the first request that needs it and kept as long as it leads somewhere. */
export class Doors {
  readonly #openDoor: (serverId: string) => Promise<AgentDoor>
  readonly #doors = new Map<string, Promise<AgentDoor>>()

  /** `openDoor` throws HearthError `unavailable`, saying why, while the server is offline. */
  constructor(openDoor: (serverId: string) => Promise<AgentDoor>) {
    this.#openDoor = openDoor
  }

  open(serverId: string): Promise<AgentDoor> {
    const known = this.#doors.get(serverId)
    if (known) return known
    const opened = this.#openDoor(serverId)
    this.#doors.set(serverId, opened)
    const forget = () => {
      if (this.#doors.get(serverId) === opened) this.#doors.delete(serverId)
    }
    opened.then((door) => door.closed.finally(forget), forget)
    return opened
  }

  async close(): Promise<void> {
    const doors = await Promise.allSettled(this.#doors.values())
    await Promise.all(doors.map((door) => (door.status === 'fulfilled' ? door.value.close() : undefined)))
  }
}

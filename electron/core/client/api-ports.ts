import { z } from 'zod'
import { StateFile } from '../state-file.ts'

const apiPort = z.object({
  port: z.number().int().min(1).max(65_535),
  /** The port before, which another program had taken; null while there was no such need. */
  movedFrom: z.number().int().nullable(),
})
export type ApiPort = z.infer<typeof apiPort>

const portsFile = z.object({ ports: z.record(z.string(), apiPort) })
type PortsFile = z.infer<typeof portsFile>

/** Which port of 127.0.0.1 is whose server's API. It stays the same, because remotes and scripts name it. */
export class ApiPorts {
  /** The same for the same desktop, another one for another. */
  readonly seed: string
  /** Desktop and command line share it. */
  readonly #file: StateFile<PortsFile>

  private constructor(path: string, file: StateFile<PortsFile>) {
    this.seed = path
    this.#file = file
  }

  static async open(path: string, warn: (message: string) => void = () => {}): Promise<ApiPorts> {
    return new ApiPorts(path, await StateFile.open({ path, schema: portsFile, empty: { ports: {} }, warn }))
  }

  get(serverId: string): ApiPort | null {
    return this.#file.value.ports[serverId] ?? null
  }

  get all(): readonly (readonly [serverId: string, port: number])[] {
    return Object.entries(this.#file.value.ports).map(([serverId, { port }]) => [serverId, port])
  }

  /** What another program of ours has noted since. */
  refresh(): Promise<void> {
    return this.#file.refresh()
  }

  /**
   * Notes a port for a server that has none, or has `movedFrom`. Returns what counts: another program of ours may have
   * been first.
   */
  async assign(serverId: string, port: number, movedFrom: number | null = null): Promise<ApiPort> {
    await this.#file.change((value) => {
      const now = value.ports[serverId]
      return now && now.port !== movedFrom ? value : { ports: { ...value.ports, [serverId]: { port, movedFrom } } }
    })
    return this.get(serverId) ?? { port, movedFrom }
  }

  async forget(serverId: string): Promise<void> {
    if (this.get(serverId) === null) return
    await this.#file.change(({ ports }) => ({
      ports: Object.fromEntries(Object.entries(ports).filter(([id]) => id !== serverId)),
    }))
  }
}

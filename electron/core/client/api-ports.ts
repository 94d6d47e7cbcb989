import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '../json-file.ts'

const apiPort = z.object({
  port: z.number().int().min(1).max(65_535),
  /** The port before, which another program had taken; null while there was no such need. */
  movedFrom: z.number().int().nullable(),
})
export type ApiPort = z.infer<typeof apiPort>

const portsFile = z.object({ ports: z.record(z.string(), apiPort) })

/** Which port of 127.0.0.1 is whose server's API. It stays the same, because remotes and scripts name it. */
export class ApiPorts {
  readonly #path: string
  #ports: Record<string, ApiPort>
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, ports: Record<string, ApiPort>) {
    this.#path = path
    this.#ports = ports
  }

  static async open(path: string): Promise<ApiPorts> {
    const { value } = await readJsonFile(path, portsFile)
    return new ApiPorts(path, value?.ports ?? {})
  }

  get(serverId: string): ApiPort | null {
    return this.#ports[serverId] ?? null
  }

  /** The same for the same desktop, another one for another. */
  get seed(): string {
    return this.#path
  }

  get all(): readonly (readonly [serverId: string, port: number])[] {
    return Object.entries(this.#ports).map(([serverId, { port }]) => [serverId, port])
  }

  /** What another program of ours has noted since. */
  async refresh(): Promise<void> {
    const { value } = await readJsonFile(this.#path, portsFile)
    if (value) this.#ports = value.ports
  }

  /**
   * Notes a port for a server that has none, or has `movedFrom`. Returns what counts: another program of ours may have
   * been first.
   */
  async assign(serverId: string, port: number, movedFrom: number | null = null): Promise<ApiPort> {
    await this.#change((ports) => {
      const now = ports[serverId]
      return now && now.port !== movedFrom ? ports : { ...ports, [serverId]: { port, movedFrom } }
    })
    return this.#ports[serverId] ?? { port, movedFrom }
  }

  async forget(serverId: string): Promise<void> {
    if (!(serverId in this.#ports)) return
    await this.#change((ports) => Object.fromEntries(Object.entries(ports).filter(([id]) => id !== serverId)))
  }

  /** Changes what is on the disk now: desktop and command line share the file. */
  #change(apply: (ports: Record<string, ApiPort>) => Record<string, ApiPort>): Promise<void> {
    this.#writing = this.#writing
      .catch(() => {})
      .then(async () => {
        const { value } = await readJsonFile(this.#path, portsFile)
        this.#ports = apply(value?.ports ?? this.#ports)
        await writeJsonFile(this.#path, { ports: this.#ports })
      })
    return this.#writing
  }
}

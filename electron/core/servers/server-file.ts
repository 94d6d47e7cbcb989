import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { StateFile } from '../state-file.ts'

const hostKey = z.object({ type: z.string(), blob: z.string() })

const serverEntry = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  port: z.number().int(),
  /** Who installs; the desktop itself logs in as `hearth`. */
  user: z.string(),
  /** How to connect. Files of before there was a choice do not say. */
  transport: z.enum(['ssh2', 'system']).default('ssh2'),
  hostKeys: z.array(hostKey),
  /** How the last installation logged in, where it needed no secret: the next one is a click. */
  login: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('agent') }),
      z.object({ kind: z.literal('key'), path: z.string() }),
    ])
    .nullable()
    .default(null),
  /** What the agent last told of itself, for when it is away. Not checked: an older Hearth may have written it. */
  agent: z.unknown().optional(),
})
export type ServerEntry = z.infer<typeof serverEntry>

const serversFile = z.object({ servers: z.array(serverEntry) })

/** The servers that this desktop knows, in one file. */
export class ServerFile {
  readonly #file: StateFile<z.output<typeof serversFile>>

  private constructor(file: StateFile<z.output<typeof serversFile>>) {
    this.#file = file
  }

  static async open(path: string, warn: (message: string) => void): Promise<ServerFile> {
    return new ServerFile(await StateFile.open({ path, schema: serversFile, empty: { servers: [] }, warn }))
  }

  get entries(): readonly ServerEntry[] {
    return this.#file.value.servers
  }

  async add(entry: Omit<ServerEntry, 'id'>): Promise<ServerEntry> {
    const added = { id: randomUUID(), ...entry }
    await this.#change((entries) => [...entries, added])
    return added
  }

  update(id: string, change: Partial<Omit<ServerEntry, 'id'>>): Promise<void> {
    return this.#change((entries) => entries.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)))
  }

  remove(id: string): Promise<void> {
    return this.#change((entries) => entries.filter((entry) => entry.id !== id))
  }

  /** Tells when another process, the command line say, has changed the list. */
  follow(signal: AbortSignal, onNews: () => void): void {
    this.#file.follow(signal, onNews)
  }

  #change(apply: (entries: ServerEntry[]) => ServerEntry[]): Promise<void> {
    return this.#file.change(({ servers }) => ({ servers: apply(servers) }))
  }
}

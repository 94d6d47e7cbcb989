import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '../json-file.ts'

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
  readonly #path: string
  #entries: ServerEntry[]
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, entries: ServerEntry[]) {
    this.#path = path
    this.#entries = entries
  }

  static async open(path: string, warn: (message: string) => void): Promise<ServerFile> {
    const { value, warning } = await readJsonFile(path, serversFile)
    if (warning) warn(warning)
    return new ServerFile(path, value?.servers ?? [])
  }

  get entries(): readonly ServerEntry[] {
    return this.#entries
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

  /**
   * Changes what is on the disk now: the command line may have added a server while the desktop runs, and neither may
   * undo the other. The entries in memory are right at once; the promise is for the disk.
   */
  #change(apply: (entries: ServerEntry[]) => ServerEntry[]): Promise<void> {
    this.#entries = apply(this.#entries)
    this.#writing = this.#writing
      .catch(() => {})
      .then(async () => {
        const { value } = await readJsonFile(this.#path, serversFile)
        this.#entries = apply(value?.servers ?? [])
        await writeJsonFile(this.#path, { servers: this.#entries })
      })
    return this.#writing
  }
}

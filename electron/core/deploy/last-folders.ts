import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '../json-file.ts'

const file = z.object({ folders: z.array(z.object({ serverId: z.string(), app: z.string(), path: z.string() })) })
type Entry = z.infer<typeof file>['folders'][number]

const kept = 200

/** From which folder of this computer each app was deployed last. */
export class LastFolders {
  readonly #path: string
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** Null when it never was, or the folder has gone since. */
  async of(serverId: string, app: string): Promise<string | null> {
    const entries = await this.#read()
    const path = entries.find((entry) => entry.serverId === serverId && entry.app === app)?.path
    const found = path === undefined ? null : await stat(path).catch(() => null)
    return path !== undefined && found?.isDirectory() ? path : null
  }

  /** Newest first, on top of what is on the disk now: the command line deploys as well. */
  note(entry: Entry): Promise<void> {
    this.#writing = this.#writing
      .catch(() => {})
      .then(async () => {
        const others = (await this.#read()).filter(
          ({ serverId, app }) => serverId !== entry.serverId || app !== entry.app,
        )
        await writeJsonFile(this.#path, { folders: [entry, ...others].slice(0, kept) })
      })
    return this.#writing
  }

  async #read(): Promise<Entry[]> {
    return (await readJsonFile(this.#path, file)).value?.folders ?? []
  }
}

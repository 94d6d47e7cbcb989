import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ImageRuntime } from '../../core/ports/builds/slug-store.ts'
import type { DynoAddress } from '../../core/ports/dynos/dyno-runner.ts'

/** What an agent must know of a dyno that an earlier agent started; no config vars, they are not needed any more. */
export interface DynoRecord {
  readonly id: string
  readonly appId: string
  readonly name: string
  readonly address: DynoAddress | null
  readonly isAttached: boolean
  /** What the server's kernel had counted by then. */
  readonly oomKillsBefore?: number
  /** It is in a container. */
  readonly usesPodman?: boolean
  /** The image that it runs in. */
  readonly image?: ImageRuntime
  /** The dyno that this one runs inside of. */
  readonly insideOf?: string
}

const fileName = 'dyno.json'

export async function writeRecord(folder: string, record: DynoRecord): Promise<void> {
  const next = path.join(folder, `${fileName}.next`)
  await writeFile(next, JSON.stringify(record), { mode: 0o600 })
  await rename(next, path.join(folder, fileName))
}

/** The folders below; `record` is null where a start was cut short. */
export async function readRecords(folder: string): Promise<{ folder: string; record: DynoRecord | null }[]> {
  const names = await readdir(folder)
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name, fileName), 'utf8').catch(() => 'null')
      return { folder: path.join(folder, name), record: JSON.parse(text) as DynoRecord | null }
    }),
  )
}

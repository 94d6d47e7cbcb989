import { chown, lchown, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Owner } from '../sources/materialise.ts'

/** Nothing of the app runs while it is called, so nobody can turn a folder into a link while we walk. */
export async function giveTo(directory: string, owner: Owner): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true }))
    await lchown(path.join(entry.parentPath, entry.name), owner.uid, owner.gid)
  await chown(directory, owner.uid, owner.gid)
}

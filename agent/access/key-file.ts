import { chown, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Changes an `authorized_keys` file in one step: sshd reads the old one or the new one. The file belongs to whoever
 * owns its folder, as sshd demands.
 */
export async function changeKeyFile(path: string, change: (text: string) => string): Promise<void> {
  const { uid, gid } = await stat(dirname(path))
  const next = `${path}.next`
  const file = await open(next, 'w', 0o600)
  try {
    await file.writeFile(change(await readIfThere(path)))
    await file.sync()
  } finally {
    await file.close()
  }
  if (process.getuid?.() === 0) await chown(next, uid, gid)
  await rename(next, path)
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return ''
  }
}

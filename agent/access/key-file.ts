import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HearthError } from '../contract/errors.ts'

const attempts = 10

/**
 * Changes an `authorized_keys` file in one step: sshd reads the old one or the new one. The file belongs to whoever
 * owns its folder, as sshd demands. Root's own `keys add` or editor may write at the same time: what was made of an
 * older file is thrown away and made again.
 */
export async function changeKeyFile(path: string, change: (text: string) => string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await stampOf(path)
    const next = await writeBeside(path, change(await readIfThere(path)))
    if ((await stampOf(path)) === before) return rename(next, path)
    await rm(next)
  }
  throw new HearthError('conflict', `${path} is being changed by another program all the time. Try again.`)
}

/** A new file of a name that nobody can have put a link under. */
async function writeBeside(path: string, text: string): Promise<string> {
  const { uid, gid } = await stat(dirname(path))
  const next = `${path}.${randomBytes(6).toString('hex')}.next`
  const file = await open(next, 'wx', 0o600)
  try {
    await file.writeFile(text)
    if (process.getuid?.() === 0) await file.chown(uid, gid)
    await file.sync()
  } finally {
    await file.close()
  }
  return next
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(nullIfMissing)
  return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : 'none'
}

async function readIfThere(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(nullIfMissing)) ?? ''
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code !== 'ENOENT') throw error
  return null
}

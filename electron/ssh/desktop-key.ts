import { readFile } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import ssh2 from 'ssh2'
import { createFileWhole, writeFileWhole } from '../core/json-file.ts'

export interface DesktopKey {
  /** The private key's file, 0600. */
  readonly path: string
  /** One line, as in a `.pub` file; its comment is who releases are by. */
  readonly publicKey: string
}

/** This desktop's own SSH key, made at its first start. It leaves this machine in its public half only. */
export async function openDesktopKey(path: string): Promise<DesktopKey> {
  const publicPath = `${path}.pub`
  const known = await readFile(publicPath, 'utf8').catch(() => null)
  if (known !== null) return { path, publicKey: known.trim() }
  await createFileWhole(path, makeKeyPair(`${userInfo().username}@${hostname()}`).private)
  // Of the key that counts, which may be one of a program that started at the same moment: two halves of two keys open nothing.
  const publicKey = readPublicKey(await readFile(path))
  await writeFileWhole(publicPath, `${publicKey}\n`)
  return { path, publicKey }
}

function readPublicKey(secret: Buffer): string {
  const key = ssh2.utils.parseKey(secret)
  if (key instanceof Error) throw key
  return `${key.type} ${key.getPublicSSH().toString('base64')} ${key.comment}`
}

/**
 * NOTE: of the ed25519 keys that ssh2 1.17 makes, about one in two hundred is malformed, and opens nothing ever. Those are
 * thrown away.
 */
export function makeKeyPair(comment: string): { private: string; public: string } {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    if (!(ssh2.utils.parseKey(made.private) instanceof Error)) return made
  }
}

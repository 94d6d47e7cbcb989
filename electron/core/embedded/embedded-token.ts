import { createHash, createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { HearthError } from '../../../agent/contract/errors.ts'

const validMs = 12 * 60 * 60 * 1000

/**
 * A token for the embedded server. Whoever may read its mint key may mint, and the key is the user's own file, so the
 * desktop needs no SSH for it. The format is the agent's: `<base64url of [id, e-mail, expiry]>.<HMAC-SHA256>`.
 */
export async function mintEmbeddedToken(mintKeyPath: string, user: string, nowMs: number): Promise<string> {
  const body = Buffer.from(JSON.stringify([ownerId(user), user, nowMs + validMs])).toString('base64url')
  const seal = createHmac('sha256', await readKey(mintKeyPath))
    .update(body)
    .digest('base64url')
  return `${body}.${seal}`
}

async function readKey(path: string): Promise<Uint8Array> {
  try {
    return Buffer.from((await readFile(path, 'utf8')).trim(), 'base64')
  } catch (cause) {
    throw new HearthError('unavailable', 'This computer has no server key yet: its server has not started.', { cause })
  }
}

/** The API wants a UUID; the same user is always the same one. */
function ownerId(user: string): string {
  const hex = createHash('sha256').update(`hearth embedded user ${user}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

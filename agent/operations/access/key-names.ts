import { createHash } from 'node:crypto'
import type { KeyRow } from '../../core/ports/access/people-store.ts'
import type { Context } from '../context.ts'

/** `SHA256:<base64>`, as `ssh-keygen -l` prints it. */
export function fingerprintOf({ blob }: Pick<KeyRow, 'blob'>): string {
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

/** The key's id in the API. */
export function keyUuid({ loginKeys }: Pick<Context, 'loginKeys'>, { id }: Pick<KeyRow, 'id'>): string {
  return loginKeys?.ownerOf(id) ?? id
}

import { readFileSync, statSync } from 'node:fs'
import { listAuthorizedKeys } from './authorized-keys.ts'
import { actorId, serverOwner } from './token.ts'

/**
 * Whether the owner of a token still has a key in that file. A token outlives the connection that it was minted over;
 * who takes a key out of the file wants its tokens gone at once. The file is read again when it is another one.
 */
export function openAuthorizedOwners(path: string): (ownerId: string) => boolean {
  let stamp = ''
  let owners = new Set<string>()
  return (ownerId) => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    const now = found ? `${found.ino} ${found.size} ${found.ctimeNs}` : 'none'
    if (now !== stamp) {
      owners = new Set(found ? listAuthorizedKeys(readFileSync(path, 'utf8')).map(({ id }) => actorId(id)) : [])
      stamp = now
    }
    return owners.has(ownerId) || ownerId === serverOwner.id
  }
}

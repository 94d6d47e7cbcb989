import { readFileSync, statSync } from 'node:fs'
import type { LoginKey, LoginKeys } from '../core/ports/access/login-keys.ts'
import { addAuthorizedKey, type Door, listAuthorizedKeys, removeAuthorizedKey } from './authorized-keys.ts'
import { changeKeyFile } from './key-file.ts'
import { parsePublicKey } from './public-key.ts'
import { actorId } from './token.ts'

/** The keys of an `authorized_keys` file. It is read again when it is another one: root edits it too. */
export function openLoginKeys(path: string, door: Door): LoginKeys {
  let stamp = ''
  let keys: readonly LoginKey[] = []
  let changing: Promise<void> = Promise.resolve()
  return {
    current() {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false })
      const now = found ? `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}` : 'none'
      if (now === stamp) return keys
      keys = found ? listAuthorizedKeys(readFileSync(path, 'utf8')) : []
      stamp = now
      return keys
    },
    ownerOf: actorId,
    parse: parsePublicKey,
    change({ remove, add }) {
      const write = () =>
        changeKeyFile(path, (text) => {
          const kept = remove.reduce(removeAuthorizedKey, text)
          return add.reduce((whole, key) => addAuthorizedKey(whole, key, door), kept)
        })
      const change = changing.then(write)
      changing = change.catch(() => undefined)
      return change
    },
  }
}

import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { addAuthorizedKey, listAuthorizedKeys, removeAuthorizedKey } from './access/authorized-keys.ts'
import { changeKeyFile } from './access/key-file.ts'
import { parsePublicKey } from './access/public-key.ts'
import { paths, readConfig } from './config.ts'
import { HearthError } from './contract/errors.ts'
import { doorOf } from './door.ts'

/**
 * `keys add` reads a public key from standard input; `keys remove ID`; `keys list`. Run as root on a server, whether the
 * agent runs or not: it takes note of the file by itself.
 */
export async function runKeys([verb = '', id = '']: readonly string[]): Promise<void> {
  const config = readConfig([])
  const path = paths.authorizedKeys(config)
  switch (verb) {
    case 'add': {
      const key = parsePublicKey(await text(process.stdin))
      const now = new Date().toISOString()
      await changeKeyFile(path, (content) => addAuthorizedKey(content, key, doorOf(config), now))
      console.log(JSON.stringify(key))
      return
    }
    case 'remove':
      await changeKeyFile(path, (content) => removeAuthorizedKey(content, id))
      return
    case 'list':
      console.log(JSON.stringify(listAuthorizedKeys(await readFile(path, 'utf8'))))
      return
    default:
      throw new HearthError('bad_request', 'Say keys add, keys remove ID or keys list.')
  }
}

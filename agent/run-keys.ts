import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { addAuthorizedKey, listAuthorizedKeys, parsePublicKey, removeAuthorizedKey } from './access/authorized-keys.ts'
import { changeKeyFile } from './access/key-file.ts'
import { paths, readConfig } from './config.ts'
import { HearthError } from './contract/errors.ts'

/** `keys add` reads a public key from standard input; `keys remove ID`; `keys list`. Run as root on a server. */
export async function runKeys([verb = '', id = '']: readonly string[]): Promise<void> {
  const config = readConfig([])
  const path = paths.authorizedKeys(config)
  switch (verb) {
    case 'add': {
      const key = parsePublicKey(await text(process.stdin))
      const door = { program: program(), sockets: [paths.agentSocket(config), paths.routerHttpSocket(config)] }
      await changeKeyFile(path, (content) => addAuthorizedKey(content, key, door))
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

/** By the link, so that the line outlives this version: this file is <base>/versions/<version>/agent.mjs. */
function program(): string[] {
  const current = join(import.meta.dirname, '..', '..', 'current')
  return [join(current, 'node'), join(current, 'agent.mjs')]
}

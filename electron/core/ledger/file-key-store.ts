import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { HearthError } from '../../../agent/contract/errors.ts'
import { createFileWhole } from '../json-file.ts'
import type { KeyStore } from './key-store.ts'

export const keyBytes = 32

/** The key in a file beside the ledger. It keeps other users of the machine out, and nobody else. */
export class FileKeyStore implements KeyStore {
  readonly kind = 'file'
  readonly isLocked = false
  readonly description =
    'The key lies in a file that only your account can read. Whoever copies your whole home folder or takes an ' +
    'unencrypted disk has the config vars too; a passphrase protects from that.'
  readonly #path: string
  #key: Promise<Uint8Array> | undefined

  constructor(path: string) {
    this.#path = path
  }

  async unlock(): Promise<void> {}

  key(): Promise<Uint8Array> {
    this.#key ??= this.#open().catch((error) => {
      this.#key = undefined
      throw error
    })
    return this.#key
  }

  async #open(): Promise<Uint8Array> {
    const key = (await this.#read()) ?? (await this.#make())
    if (key.length === keyBytes) return key
    throw new HearthError(
      'internal',
      `${this.#path} does not hold a key. Bring it back from a backup; or remove it, and config vars that are in the ledger so far stay unreadable.`,
    )
  }

  async #read(): Promise<Uint8Array | null> {
    try {
      const { mode } = await stat(this.#path)
      if (process.platform !== 'win32' && (mode & 0o077) !== 0)
        throw new HearthError('forbidden', `Other users may read ${this.#path}. Run: chmod 600 '${this.#path}'`)
      return Buffer.from((await readFile(this.#path, 'utf8')).trim(), 'base64')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  /** Two desktops that start at once agree: whoever comes second reads the first's. */
  async #make(): Promise<Uint8Array> {
    await createFileWhole(this.#path, `${randomBytes(keyBytes).toString('base64')}\n`)
    return (await this.#read()) ?? new Uint8Array()
  }
}

import { access, readFile, rm } from 'node:fs/promises'
import { writeFileWhole } from '../json-file.ts'
import { FileKeyStore } from './file-key-store.ts'
import { type KeyStore, seal, unseal } from './key-store.ts'
import { PassphraseKeyStore } from './passphrase-key-store.ts'

/** The operating system's key store, where the shell reaches one. */
export interface Vault {
  seal(text: string): Promise<Uint8Array>
  unseal(sealed: Uint8Array): Promise<string>
}

export interface LedgerKeysOptions {
  /** The key as it is, 0600. */
  readonly keyFile: string
  /** What is needed to make the key from the passphrase again. */
  readonly passphraseFile: string
  readonly vault: Vault | null
}

type Guard = 'file' | 'passphrase' | 'operating-system'

const descriptions: Record<Guard, string> = {
  file:
    'The key lies in a file that only your account can read. Whoever copies your whole home folder or takes an ' +
    'unencrypted disk has the config vars too; a passphrase protects from that.',
  passphrase:
    'The key is opened by your passphrase, which is kept nowhere. Forget it, and the config vars in the ledger stay ' +
    'unreadable for ever.',
  'operating-system':
    "The key is kept by your operating system's key store and opened for your session. The command line and a browser " +
    'tab can not open it; they leave the copying of config vars to this window.',
}

const place = 'ledger key'

/**
 * One key for the ledger's secrets, for as long as the ledger lives (it can't be written anew), and what guards it: the
 * operating system's key store, a passphrase, or only the rights of a file. A passphrase can be set later.
 */
export class LedgerKeys implements KeyStore {
  readonly #options: LedgerKeysOptions
  readonly #file: FileKeyStore
  readonly #passphrase: PassphraseKeyStore
  #guard: Guard
  #key: Uint8Array | null

  private constructor(options: LedgerKeysOptions, guard: Guard, key: Uint8Array | null) {
    this.#options = options
    this.#file = new FileKeyStore(options.keyFile)
    this.#passphrase = new PassphraseKeyStore(options.passphraseFile)
    this.#guard = guard
    this.#key = key
  }

  static async open(options: LedgerKeysOptions): Promise<LedgerKeys> {
    if (await exists(wrapped(options, 'passphrase'))) return new LedgerKeys(options, 'passphrase', null)
    const inVault = wrapped(options, 'vault')
    if (await exists(inVault)) {
      const key = options.vault ? decode(await options.vault.unseal(await readFile(inVault))) : null
      return new LedgerKeys(options, 'operating-system', key)
    }
    const key = await new FileKeyStore(options.keyFile).key()
    if (!options.vault) return new LedgerKeys(options, 'file', key)
    await writeFileWhole(inVault, await options.vault.seal(encode(key)))
    await rm(options.keyFile)
    return new LedgerKeys(options, 'operating-system', key)
  }

  get kind(): Guard {
    return this.#guard
  }

  get description(): string {
    return descriptions[this.#guard]
  }

  get isLocked(): boolean {
    return this.#key === null
  }

  /** Opens the key with its passphrase; where there is none yet, this becomes the passphrase from now on. */
  async unlock(passphrase: string): Promise<void> {
    await this.#passphrase.unlock(passphrase)
    const opener = await this.#passphrase.key()
    const path = wrapped(this.#options, 'passphrase')
    if (this.#guard === 'passphrase') {
      this.#key = decode(unseal(opener, await readFile(path), place))
      return
    }
    await writeFileWhole(path, seal(opener, encode(await this.key()), place))
    // From here on the passphrase is the only way; a crash before this line leaves both, and nothing is lost.
    await rm(this.#options.keyFile, { force: true })
    await rm(wrapped(this.#options, 'vault'), { force: true })
    this.#guard = 'passphrase'
  }

  async key(): Promise<Uint8Array> {
    return this.#key ?? (this.#guard === 'file' ? this.#file.key() : this.#passphrase.key())
  }
}

function wrapped({ keyFile }: LedgerKeysOptions, by: 'passphrase' | 'vault'): string {
  return `${keyFile}.${by}`
}

function encode(key: Uint8Array): string {
  return Buffer.from(key).toString('base64')
}

function decode(text: string): Uint8Array {
  return Buffer.from(text, 'base64')
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

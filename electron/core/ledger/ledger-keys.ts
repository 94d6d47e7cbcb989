import { access, readFile, rm } from 'node:fs/promises'
import { HearthError } from '../../../agent/contract/errors.ts'
import { writeFileWhole } from '../json-file.ts'
import { FileKeyStore, keyBytes } from './file-key-store.ts'
import { type KeyStore, seal, unseal } from './key-store.ts'
import { PassphraseKeyStore } from './passphrase-key-store.ts'

/** The operating system's key store, where the shell reaches one. */
export interface Vault {
  seal(text: string): Promise<Uint8Array>
  /** `isStale`: the store has a newer key of its own, so what it sealed wants to be sealed again. */
  unseal(sealed: Uint8Array): Promise<{ readonly text: string; readonly isStale: boolean }>
}

/** What a shell found where the operating system's key store should be. */
export interface VaultFinding {
  readonly vault: Vault | null
  /** Why there is none that protects, a sentence for the settings screen; null where a shell never has one. */
  readonly obstacle: string | null
}

export interface LedgerKeysOptions {
  /** The key as it is, 0600. */
  readonly keyFile: string
  /** What is needed to make the key from the passphrase again. */
  readonly passphraseFile: string
  readonly found: VaultFinding
}

const vaultDescription =
  "The key is kept by your operating system's key store and opened for your session. The command line and a browser " +
  'tab can not open it; they leave the copying of config vars to the window.'

const place = 'ledger key'

/**
 * One key for the ledger's secrets, for as long as the ledger lives (it can't be written anew), and what guards it: the
 * operating system's key store, a passphrase, or only the rights of a file. A passphrase can be set later.
 */
export class LedgerKeys implements KeyStore {
  readonly #options: LedgerKeysOptions
  readonly #file: FileKeyStore
  readonly #passphrase: PassphraseKeyStore
  #guard: KeyStore['kind']
  #key: Uint8Array | null
  readonly #obstacle: string | null

  private constructor(
    options: LedgerKeysOptions,
    guard: KeyStore['kind'],
    key: Uint8Array | null,
    obstacle = options.found.obstacle,
  ) {
    this.#options = options
    this.#obstacle = obstacle
    this.#file = new FileKeyStore(options.keyFile)
    this.#passphrase = new PassphraseKeyStore(options.passphraseFile)
    this.#guard = guard
    this.#key = key
  }

  static async open(options: LedgerKeysOptions): Promise<LedgerKeys> {
    if (await exists(wrapped(options, 'passphrase'))) return new LedgerKeys(options, 'passphrase', null)
    const inVault = wrapped(options, 'vault')
    const { vault } = options.found
    if (await exists(inVault)) {
      if (!vault) return new LedgerKeys(options, 'operating-system', null)
      // A key store that says no (locked, another user's, a restored disk) keeps config vars shut, not the desktop.
      return openSealed(vault, inVault).then(
        (key) => new LedgerKeys(options, 'operating-system', key),
        (error) => new LedgerKeys(options, 'operating-system', null, `It does not open the key now: ${error.message}`),
      )
    }
    const key = await new FileKeyStore(options.keyFile).key()
    if (!vault) return new LedgerKeys(options, 'file', key)
    try {
      await writeFileWhole(inVault, await vault.seal(encode(key)))
    } catch (error) {
      const obstacle = `The operating system's key store did not take it: ${(error as Error).message}`
      return new LedgerKeys(options, 'file', key, obstacle)
    }
    await rm(options.keyFile)
    return new LedgerKeys(options, 'operating-system', key)
  }

  get kind(): KeyStore['kind'] {
    return this.#guard
  }

  get description(): string {
    if (this.#guard === 'passphrase') return this.#passphrase.description
    const description = this.#guard === 'file' ? this.#file.description : vaultDescription
    return this.#obstacle === null ? description : `${description} ${this.#obstacle}`
  }

  get isLocked(): boolean {
    return this.#key === null
  }

  /** Opens the key with its passphrase; where there is none yet, this becomes the passphrase from now on. */
  async unlock(passphrase: string): Promise<void> {
    if (this.#guard === 'operating-system' && this.#key === null)
      throw new HearthError(
        'forbidden',
        "The key of the ledger is in the operating system's key store, which no passphrase opens. Open Hearth's window.",
      )
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
    if (this.#key) return this.#key
    throw new HearthError('forbidden', `The ledger is locked. ${this.#remedy()}`)
  }

  #remedy(): string {
    return this.#guard === 'passphrase'
      ? 'Unlock it with your passphrase in the settings.'
      : "Its key is in the operating system's key store, which only Hearth's window opens."
  }
}

/** The key, and its file sealed again where the store asks for it. */
async function openSealed(vault: Vault, path: string): Promise<Uint8Array> {
  const { text, isStale } = await vault.unseal(await readFile(path))
  const key = decode(text)
  // Stores that encrypt without a checksum (Chromium's on Linux: AES-CBC) open a damaged file too, to something.
  if (key.length !== keyBytes || encode(key) !== text)
    throw new HearthError('internal', `${path} does not hold a key. Bring it back from a backup.`)
  if (isStale) {
    const sealed = await vault.seal(text).catch(() => null)
    // The old one opens as well; the next start asks again.
    if (sealed) await writeFileWhole(path, sealed)
  }
  return key
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

import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { HearthError } from '../../../agent/contract/errors.ts'
import { readJsonFile, writeJsonFile } from '../json-file.ts'
import type { KeyStore } from './key-store.ts'

/** Stored, so that they can grow later without locking anyone out. 128 * N * r = 64 MB for each guess. */
const today = { N: 1 << 16, r: 8, p: 1 }

const passphraseFile = z.strictObject({
  version: z.literal(1),
  salt: z.string(),
  // Bounded: a tampered file must not make the desktop allocate without end.
  scrypt: z.strictObject({
    N: z
      .number()
      .int()
      .min(1 << 14)
      .max(1 << 20),
    r: z.number().int().min(1).max(16),
    p: z.number().int().min(1).max(4),
  }),
  /** HMAC of the key, to tell a wrong passphrase at once. */
  check: z.string(),
})
type PassphraseFile = z.infer<typeof passphraseFile>

/** The key is made from a passphrase, which is kept nowhere. */
export class PassphraseKeyStore implements KeyStore {
  readonly kind = 'passphrase'
  readonly description =
    'The key is opened by your passphrase, which is kept nowhere. Forget it, and the config vars in the ledger stay ' +
    'unreadable for ever.'
  readonly #path: string
  readonly #cost: typeof today
  #key: Uint8Array | undefined

  constructor(path: string, cost: typeof today = today) {
    this.#path = path
    this.#cost = cost
  }

  get isLocked(): boolean {
    return this.#key === undefined
  }

  /** The first passphrase that is given becomes the passphrase. */
  async unlock(passphrase: string): Promise<void> {
    const { value, warning } = await readJsonFile(this.#path, passphraseFile)
    if (warning) throw new HearthError('internal', `${warning} Bring it back from a backup, then unlock again.`)
    if (value === null) {
      this.#key = await this.#choose(passphrase)
      return
    }
    const key = await derive(passphrase, value)
    if (!timingSafeEqual(checkOf(key), readCheck(value)))
      throw new HearthError('forbidden', 'That is not the passphrase. Try again.')
    this.#key = key
  }

  lock(): void {
    this.#key = undefined
  }

  async key(): Promise<Uint8Array> {
    if (this.#key) return this.#key
    throw new HearthError('forbidden', 'The ledger is locked. Unlock it with your passphrase in the settings.')
  }

  async #choose(passphrase: string): Promise<Uint8Array> {
    if (passphrase.length < 8)
      throw new HearthError('invalid_params', 'A passphrase needs at least 8 characters. Several words are best.')
    const made = { salt: randomBytes(16).toString('base64'), scrypt: this.#cost }
    const key = await derive(passphrase, made)
    await writeJsonFile(this.#path, { version: 1, ...made, check: checkOf(key).toString('base64') })
    return key
  }
}

function derive(
  passphrase: string,
  { salt, scrypt: cost }: Pick<PassphraseFile, 'salt' | 'scrypt'>,
): Promise<Uint8Array> {
  // The same characters can be typed in several forms; NFKC makes them one.
  const text = passphrase.normalize('NFKC')
  return new Promise((resolve, reject) => {
    scrypt(text, Buffer.from(salt, 'base64'), 32, { ...cost, maxmem: 256 * cost.N * cost.r * cost.p }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

function checkOf(key: Uint8Array): Buffer {
  return createHmac('sha256', key).update('hearth ledger passphrase check').digest()
}

/** Always as long as a check, since the comparison insists on equal lengths. */
function readCheck({ check }: PassphraseFile): Buffer {
  const bytes = Buffer.alloc(32)
  Buffer.from(check, 'base64').copy(bytes)
  return bytes
}

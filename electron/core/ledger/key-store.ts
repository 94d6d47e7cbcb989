import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Where the key that encrypts the ledger's secrets is kept. */
export interface KeyStore {
  readonly kind: 'operating-system' | 'passphrase' | 'file'
  /** A sentence for the settings screen: honest about what it protects from. */
  readonly description: string
  readonly isLocked: boolean
  /** Only a passphrase store needs it; throws HearthError when the passphrase is wrong. */
  unlock(passphrase: string): Promise<void>
  /** 32 bytes. Throws HearthError while locked. */
  key(): Promise<Uint8Array>
}

const nonceBytes = 12
const tagBytes = 16

/** AES-256-GCM; `context` binds the text to its place, so that sealed values can't be swapped. */
export function seal(key: Uint8Array, text: string, context: string): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Throws when the key is another, the bytes were changed or the context differs. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): string {
  const bytes = Buffer.from(sealed)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const format = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * Encrypts what lies in the file with AES-256-GCM. `place` (table and row) is bound to the text, so that a
 * ciphertext moved to another row does not open there. Layout: format byte, nonce, tag, ciphertext.
 */
export class Cipher {
  readonly #key: Uint8Array

  constructor(key: Uint8Array) {
    if (key.byteLength !== 32) throw new RangeError('The config-var key must have 32 bytes.')
    this.#key = key
  }

  seal(place: string, text: string): Uint8Array {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    cipher.setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.of(format), nonce, cipher.getAuthTag(), sealed])
  }

  open(place: string, sealed: Uint8Array): string {
    if (sealed[0] !== format) throw new Error(`The encrypted value of ${place} has an unknown format.`)
    const textStart = 1 + nonceBytes + tagBytes
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(1, 1 + nonceBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(Buffer.from(place))
    decipher.setAuthTag(sealed.subarray(1 + nonceBytes, textStart))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(textStart)), decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new Error(`The encrypted value of ${place} does not open: another key, or a damaged file.`, { cause })
    }
  }
}

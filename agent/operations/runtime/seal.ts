import { createHmac, timingSafeEqual } from 'node:crypto'

/** Of 32 bytes in base64url. */
const signatureCharacters = 43

/**
 * Makes secrets that carry what they stand for: nothing has to be kept of them, and they outlive the agent that made them. Base64url
 * of an HMAC-SHA256, and of what it is over.
 */
export class Seal {
  readonly #key: Uint8Array
  readonly #purpose: string

  /** `purpose` keeps what is sealed for one from being taken for another's. */
  constructor(key: Uint8Array, purpose: string) {
    this.#key = key
    this.#purpose = purpose
  }

  close(value: unknown): string {
    const body = Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${this.#sign(body)}${body}`
  }

  /** Null for what was not sealed here. */
  open(sealed: string): unknown {
    const body = sealed.slice(signatureCharacters)
    const [expected, given] = [this.#sign(body), sealed.slice(0, signatureCharacters)].map((text) => Buffer.from(text))
    if (!expected || expected.length !== given?.length || !timingSafeEqual(expected, given)) return null
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#key).update(`${this.#purpose}\0${body}`).digest('base64url')
  }
}

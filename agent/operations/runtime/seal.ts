import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Makes secrets that carry what they stand for, `<base64url of it>.<HMAC-SHA256>`: nothing has to be kept of them, and they
 * outlive the agent that made them.
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
    return `${body}.${this.#sign(body).toString('base64url')}`
  }

  /** Null for what was not sealed here. */
  open(sealed: string): unknown {
    const [body = '', given = '', ...rest] = sealed.split('.')
    const [expected, actual] = [this.#sign(body), Buffer.from(given, 'base64url')]
    if (rest.length > 0 || actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
  }

  #sign(body: string): Buffer {
    return createHmac('sha256', this.#key).update(`${this.#purpose}\0${body}`).digest()
  }
}

import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { pageHeaders } from '../page/policy.ts'

export const securityHeaders = {
  ...pageHeaders,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

const cookieName = 'hearth'

/** Who may look: whoever was given the URL of this start, once; after that the browser's cookie. */
export class Visitors {
  readonly #cookie = randomBytes(32).toString('base64url')
  #ticket: string | null = randomBytes(32).toString('base64url')

  /** The secret of the printed URL. A new one makes the old one void. */
  issueTicket(): string {
    this.#ticket = randomBytes(32).toString('base64url')
    return this.#ticket
  }

  /** The cookie to set, or null when the ticket is wrong or was used. */
  redeem(ticket: string): string | null {
    if (this.#ticket === null || !isEqual(this.#ticket, ticket)) return null
    this.#ticket = null
    return `${cookieName}=${this.#cookie}; HttpOnly; SameSite=Strict; Path=/`
  }

  isKnown(request: IncomingMessage): boolean {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
    return pairs.some(
      (pair) => pair.startsWith(`${cookieName}=`) && isEqual(pair.slice(cookieName.length + 1), this.#cookie),
    )
  }
}

/** A page of another name that resolves to 127.0.0.1 (DNS rebinding) says its own name in Host. */
export function isOwnHost(request: IncomingMessage, port: number): boolean {
  return request.headers.host === `127.0.0.1:${port}` || request.headers.host === `localhost:${port}`
}

export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  return request.headers.origin === `http://127.0.0.1:${port}` || request.headers.origin === `http://localhost:${port}`
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

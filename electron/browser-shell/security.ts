import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { pageHeaders } from '../page/policy.ts'

export const securityHeaders = {
  ...pageHeaders,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

const names = { page: 'hearth', again: 'hearth-again' } as const
const makeSecret = () => randomBytes(32).toString('base64url')

/**
 * Who may look: whoever was given the URL of this start, once; after that the browser's cookie. A browser shows a cookie of
 * 127.0.0.1 to all its ports, those of the user's own apps among them, but only below the cookie's path. So the page has
 * a path that nobody can guess.
 */
export class Visitors {
  /** `/<secret>/`: the page and its bridge are below it. */
  readonly room = `/${makeSecret()}/`
  readonly #cookies = { page: makeSecret(), again: makeSecret() }
  #ticket: string | null = makeSecret()
  #used: string | null = null

  /** The secret of the printed URL. A new one makes the old one void. */
  issueTicket(): string {
    this.#ticket = makeSecret()
    return this.#ticket
  }

  /** The cookies to set, or null when the ticket is wrong or was used. */
  redeem(ticket: string): string[] | null {
    if (this.#ticket === null || !isEqual(this.#ticket, ticket)) return null
    this.#used = this.#ticket
    this.#ticket = null
    const settings = 'HttpOnly; SameSite=Strict'
    return [
      `${names.page}=${this.#cookies.page}; ${settings}; Path=${this.room}`,
      `${names.again}=${this.#cookies.again}; ${settings}; Path=/open`,
    ]
  }

  /** The browser that used the ticket comes with it again; the cookie alone could have been shown to another port. */
  isBack(request: IncomingMessage, ticket: string): boolean {
    return this.#used !== null && isEqual(this.#used, ticket) && hasCookie(request, names.again, this.#cookies.again)
  }

  isKnown(request: IncomingMessage): boolean {
    return hasCookie(request, names.page, this.#cookies.page)
  }
}

function hasCookie(request: IncomingMessage, name: string, value: string): boolean {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.some((pair) => pair.startsWith(`${name}=`) && isEqual(pair.slice(name.length + 1), value))
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

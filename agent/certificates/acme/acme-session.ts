import { AcmeProblem } from '../../core/ports/domains/certification.ts'
import { type AcmeAnswer, askAuthority, retryAfterMs } from './acme-http.ts'
import { publicJwk, signRequest } from './jws.ts'

export interface AcmeDirectory {
  readonly newNonce: string
  readonly newAccount: string
  readonly newOrder: string
  readonly renewalInfo?: string
}

const maxNonceTries = 4
const errorPrefix = 'urn:ietf:params:acme:error:'

/** Signed requests to one authority, with the nonces that it hands out. */
export class AcmeSession {
  readonly #directoryUrl: string
  readonly #key: string
  readonly #signal: AbortSignal
  #account: string | null
  #directory: AcmeDirectory | null = null
  #nonce: string | null = null

  constructor(directoryUrl: string, { key, url }: { key: string; url: string | null }, signal: AbortSignal) {
    this.#directoryUrl = directoryUrl
    this.#key = key
    this.#account = url
    this.#signal = signal
  }

  async directory(): Promise<AcmeDirectory> {
    if (this.#directory) return this.#directory
    const answer = await this.#ask('GET', this.#directoryUrl)
    if (answer.status !== 200) throw this.#problemOf(answer)
    const directory = this.parse<AcmeDirectory>(answer)
    for (const name of ['newNonce', 'newAccount', 'newOrder'] as const) {
      if (typeof directory[name] !== 'string') throw this.#nonsense(`its directory has no ${name}`)
    }
    this.#directory = directory
    return directory
  }

  /** Posts what is signed; `''` only asks. Throws `AcmeProblem` for what the authority refuses. */
  async post(url: string, payload: object | ''): Promise<AcmeAnswer> {
    for (let tries = 1; ; tries++) {
      const nonce = await this.#takeNonce()
      const who = this.#account === null ? { jwk: publicJwk(this.#key) } : { kid: this.#account }
      const answer = await this.#ask('POST', url, signRequest(this.#key, { ...who, nonce, url }, payload))
      this.#keepNonce(answer)
      if (answer.status < 300) return answer
      // A nonce may be too old by the time it is used; one that is always refused is a game.
      if (this.#typeOf(answer) !== 'badNonce' || tries >= maxNonceTries) throw this.#problemOf(answer)
    }
  }

  /** Unsigned: only what anybody may see. */
  get(url: string): Promise<AcmeAnswer> {
    return this.#ask('GET', url)
  }

  parse<Shape>({ text }: AcmeAnswer): Shape {
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null) return value as Shape
    } catch {
      // Told below.
    }
    throw this.#nonsense('its answer is no JSON')
  }

  /** The authority speaks against its own book. */
  #nonsense(what: string): AcmeProblem {
    return new AcmeProblem('refused', `The authority at ${new URL(this.#directoryUrl).host} can't be used: ${what}.`)
  }

  /** All that it names has to be its own: no answer of an authority sends the agent to ask somebody else. */
  async #ask(method: 'GET' | 'HEAD' | 'POST', url: string, body?: string): Promise<AcmeAnswer> {
    const origin = URL.canParse(url) ? new URL(url).origin : null
    if (origin !== new URL(this.#directoryUrl).origin) throw this.#nonsense('it leads elsewhere')
    return askAuthority({ method, url, ...(body !== undefined && { body }) }, this.#signal)
  }

  async #takeNonce(): Promise<string> {
    const kept = this.#nonce
    this.#nonce = null
    if (kept !== null) return kept
    this.#keepNonce(await this.#ask('HEAD', (await this.directory()).newNonce))
    const fresh: string | null = this.#nonce
    this.#nonce = null
    if (fresh === null) throw this.#nonsense('it hands out no nonce')
    return fresh
  }

  #keepNonce({ headers }: AcmeAnswer): void {
    const nonce = headers['replay-nonce']
    this.#nonce = typeof nonce === 'string' && /^[\w-]{1,512}$/.test(nonce) ? nonce : null
  }

  #typeOf({ text }: AcmeAnswer): string | null {
    try {
      const { type } = JSON.parse(text) as { type?: unknown }
      return typeof type === 'string' && type.startsWith(errorPrefix) ? type.slice(errorPrefix.length) : null
    } catch {
      return null
    }
  }

  #problemOf(answer: AcmeAnswer): AcmeProblem {
    const type = this.#typeOf(answer)
    const why = `${describeProblem(answer.text) ?? `status ${answer.status}`}`
    const wait = retryAfterMs(answer, Date.now())
    const host = new URL(this.#directoryUrl).host
    if (type === 'rateLimited' || answer.status === 429) {
      return new AcmeProblem('rate-limited', `The authority at ${host} wants to be asked less often: ${why}`, wait)
    }
    if (type === 'accountDoesNotExist')
      return new AcmeProblem('account-gone', `The authority at ${host} does not know this server's account.`)
    if (answer.status === 404)
      return new AcmeProblem('order-gone', `The authority at ${host} knows nothing of this order: ${why}`)
    if (answer.status >= 500) return new AcmeProblem('unreachable', `The authority at ${host} fails: ${why}`, wait)
    return new AcmeProblem('refused', `The authority at ${host} refused: ${why}`, wait)
  }
}

/** What an authority says of a problem (RFC 7807), on one line and no longer than needed. */
export function describeProblem(text: string): string | null {
  try {
    const { detail, subproblems } = JSON.parse(text) as { detail?: unknown; subproblems?: { detail?: unknown }[] }
    const all = [detail, ...(Array.isArray(subproblems) ? subproblems.map((one) => one?.detail) : [])]
    const said = all.filter((one) => typeof one === 'string').join(' ')
    return said === '' ? null : said.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 400)
  } catch {
    return null
  }
}

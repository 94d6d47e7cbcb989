import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { coversHost, isWildcard } from '../../core/domains/certificate-names.ts'
import {
  type Acme,
  AcmeProblem,
  type CertificateOrder,
  type ProofKind,
} from '../../core/ports/domains/certification.ts'
import type { RoutedChallenge } from '../../core/ports/routing/router-control.ts'
import type { DnsProvider } from '../dns/dns-provider.ts'
import { retryAfterMs } from './acme-http.ts'
import { AcmeSession, describeProblem } from './acme-session.ts'
import { bindAccount, thumbprint } from './jws.ts'

export interface AcmeOptions {
  readonly directory: string
  /** Where the authority writes to when something is wrong; most no longer do. */
  readonly email?: string
  /** An account that the authority has already. */
  readonly binding?: { readonly id: string; readonly secret: string }
  readonly proofs: readonly ProofKind[]
  /** For dns-01. */
  readonly dns: DnsProvider | null
  /** How long one thing is waited for, and how long between two looks at the least. */
  readonly patienceMs?: number
  readonly firstLookMs?: number
}

interface Order {
  readonly status: string
  readonly authorizations: readonly string[]
  readonly finalize: string
  readonly certificate?: string
  readonly error?: object
}

interface Authorization {
  readonly status: string
  readonly challenges: readonly { type: string; url: string; token: string; status: string; error?: object }[]
}

const defaultPatienceMs = 3 * 60_000
const longestLookMs = 15_000
const token = /^[\w-]{1,200}$/

/**
 * A client of RFC 8555. Ours, since the one library for it knows neither renewal information (RFC 9773) nor a bound on what an authority
 * sends, and brings an HTTP client and a second X.509 along.
 */
export class AcmeClient implements Acme {
  readonly directory: string
  readonly proofs: readonly ProofKind[]
  readonly #options: AcmeOptions

  constructor(options: AcmeOptions) {
    this.directory = options.directory
    this.proofs = options.proofs
    this.#options = options
  }

  async register(key: string, signal: AbortSignal): Promise<string> {
    const { binding, email } = this.#options
    const session = new AcmeSession(this.directory, { key, url: null }, signal)
    const { newAccount } = await session.directory()
    const { headers } = await session.post(newAccount, {
      termsOfServiceAgreed: true,
      ...(email !== undefined && { contact: [`mailto:${email}`] }),
      ...(binding && { externalAccountBinding: bindAccount(key, newAccount, binding) }),
    })
    if (!headers.location)
      throw new AcmeProblem('refused', 'The authority made an account and did not say where it is.')
    return headers.location
  }

  async obtain(wanted: CertificateOrder, signal: AbortSignal): Promise<string> {
    const session = new AcmeSession(this.directory, wanted.account, signal)
    const url = wanted.url ?? (await this.#begin(session, wanted))
    let order = session.parse<Order>(await session.post(url, ''))
    if (order.status === 'invalid') throw new AcmeProblem('order-gone', refusalOf(order, wanted.hostname))
    if (order.status === 'pending') {
      for (const one of order.authorizations) await this.#prove(session, wanted, one, signal)
      order = await this.#await<Order>(session, { url, until: ['ready', 'valid'], signal }, (bad) =>
        refusalOf(bad, wanted.hostname),
      )
    }
    if (order.status === 'ready') await this.#finalize(session, order, wanted)
    order = await this.#await<Order>(session, { url, until: ['valid'], signal }, (bad) =>
      refusalOf(bad, wanted.hostname),
    )
    if (order.certificate === undefined)
      throw new AcmeProblem('refused', 'The authority says that it is done and offers no certificate.')
    return checkIssued((await session.post(order.certificate, '')).text, wanted)
  }

  async renewalWindow(certificate: string, signal: AbortSignal) {
    const session = new AcmeSession(this.directory, { key: '', url: null }, signal)
    const { renewalInfo } = await session.directory()
    if (typeof renewalInfo !== 'string') return null
    const answer = await session.get(`${renewalInfo}/${(await import('./renewal-path.ts')).renewalPath(certificate)}`)
    if (answer.status !== 200) return null
    const { suggestedWindow } = session.parse<{ suggestedWindow?: { start?: string; end?: string } }>(answer)
    const startMs = Date.parse(suggestedWindow?.start ?? '')
    const endMs = Date.parse(suggestedWindow?.end ?? '')
    return startMs <= endMs ? { startMs, endMs } : null
  }

  async #begin(session: AcmeSession, { hostname, onBegun }: CertificateOrder): Promise<string> {
    const { newOrder } = await session.directory()
    const { headers } = await session.post(newOrder, { identifiers: [{ type: 'dns', value: hostname }] })
    if (!headers.location) throw new AcmeProblem('refused', 'The authority took an order and did not say where it is.')
    onBegun(headers.location)
    return headers.location
  }

  async #prove(session: AcmeSession, wanted: CertificateOrder, url: string, signal: AbortSignal): Promise<void> {
    const { challenges, status } = session.parse<Authorization>(await session.post(url, ''))
    if (status === 'valid') return
    const kind = this.proofs.find((each) => challenges.some(({ type }) => type === each))
    const challenge = challenges.find(({ type }) => type === kind)
    if (!challenge || !kind) {
      const offered = challenges.map(({ type }) => type).join(', ')
      throw new AcmeProblem(
        'refused',
        `The authority takes ${offered || 'nothing'} as a proof for ${wanted.hostname}, and this server has ${this.proofs.join(', ')}.`,
      )
    }
    if (!token.test(challenge.token))
      throw new AcmeProblem('refused', "The authority's challenge can't be answered: its token is none.")
    const hide = await this.#show(kind, challenge.token, wanted)
    try {
      await session.post(challenge.url, {})
      await this.#await<Authorization>(session, { url, until: ['valid'], signal }, (bad) => {
        const failed = bad.challenges.find(({ type }) => type === kind)?.error
        return `${wanted.hostname} was not proved by ${kind}: ${(failed && describeProblem(JSON.stringify(failed))) ?? 'the authority does not say why'}`
      })
    } catch (error) {
      // What stays behind of a proof proves nothing: it is told why it failed, not why it can't be taken away.
      await Promise.allSettled([hide()])
      throw error
    }
    await hide()
  }

  /** Resolves when the proof can be seen, with what takes it away again. */
  async #show(
    kind: ProofKind,
    challengeToken: string,
    { account, hide, hostname, show }: CertificateOrder,
  ): Promise<() => Promise<void>> {
    const authorization = `${challengeToken}.${thumbprint(account.key)}`
    if (kind === 'dns-01') {
      const record = {
        // Of a wildcard the name below which it is proved (RFC 8555, 8.4).
        name: `_acme-challenge.${isWildcard(hostname) ? hostname.slice('*.'.length) : hostname}`,
        value: createHash('sha256').update(authorization).digest('base64url'),
      }
      await this.#options.dns?.add(record)
      return async () => this.#options.dns?.remove(record)
    }
    const challenge: RoutedChallenge =
      kind === 'http-01'
        ? { kind, token: challengeToken, answer: authorization }
        : {
            kind,
            hostname,
            ...(await (await import('../x509.ts')).makeChallengeCertificate(hostname, authorization, new Date())),
          }
    await show(challenge)
    return () => hide(challenge)
  }

  async #finalize(session: AcmeSession, { finalize }: Order, { hostname, key }: CertificateOrder): Promise<void> {
    const { makeRequest } = await import('../x509.ts')
    const csr = Buffer.from(await makeRequest([hostname], key)).toString('base64url')
    await session.post(finalize, { csr })
  }

  /** Looks again and again until it has one of these states, as often as the authority wants to be asked. */
  async #await<Shape extends { readonly status: string }>(
    session: AcmeSession,
    { url, until, signal }: { url: string; until: readonly string[]; signal: AbortSignal },
    explain: (bad: Shape) => string,
  ): Promise<Shape> {
    const endMs = performance.now() + (this.#options.patienceMs ?? defaultPatienceMs)
    for (let lookMs = this.#options.firstLookMs ?? 500; ; lookMs = Math.min(lookMs * 2, longestLookMs)) {
      const answer = await session.post(url, '')
      const now = session.parse<Shape>(answer)
      if (until.includes(now.status)) return now
      if (now.status !== 'pending' && now.status !== 'processing' && now.status !== 'ready') {
        throw new AcmeProblem('order-gone', explain(now))
      }
      if (performance.now() > endMs)
        throw new AcmeProblem('unreachable', 'The authority did not come to an end in time. It is asked again later.')
      await delay(Math.min(Math.max(lookMs, retryAfterMs(answer, Date.now()) ?? 0), longestLookMs), undefined, {
        signal,
      })
    }
  }
}

function refusalOf({ error }: Order, hostname: string): string {
  return `The authority refused a certificate for ${hostname}: ${(error && describeProblem(JSON.stringify(error))) ?? 'it does not say why'}`
}

/** An authority can be wrong, or lie: what is not for our key, our name and now is no certificate for visitors. */
function checkIssued(chain: string, { hostname, key }: CertificateOrder): string {
  const blocks = chain.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  const refused = (what: string) =>
    new AcmeProblem('order-gone', `The authority's certificate for ${hostname} can't be used: ${what}.`)
  try {
    const [leaf, ...issuers] = blocks.map((block) => new X509Certificate(block))
    if (!leaf) throw refused('there is none')
    if (!leaf.checkPrivateKey(createPrivateKey(key))) throw refused('it is for another key')
    const names = (leaf.subjectAltName ?? '').split(', ').map((name) => name.replace(/^DNS:/, ''))
    if (!coversHost(names, hostname)) throw refused(`it is for ${names.join(', ')}`)
    const [issuer] = issuers
    if (issuer && !(leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey))) throw refused('its chain does not fit')
    const now = Date.now()
    if (Date.parse(leaf.validFrom) > now || Date.parse(leaf.validTo) <= now) {
      throw refused(
        `it is valid from ${leaf.validFrom} to ${leaf.validTo}. If that includes today, this server's clock is wrong`,
      )
    }
    return blocks.map((block) => `${block}\n`).join('')
  } catch (error) {
    throw error instanceof AcmeProblem ? error : refused('it is damaged')
  }
}

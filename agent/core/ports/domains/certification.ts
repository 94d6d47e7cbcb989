import type { RoutedChallenge } from '../routing/router-control.ts'

/** What makes certificates, and whom this system trusts to. */
export interface Certification {
  /** The roots that this system trusts, PEM. */
  trustedRoots(): Promise<readonly string[]>
  /** A new key for a certificate or an account, PEM. */
  makeKey(): Promise<string>
  /** The authority that others trust, by RFC 8555. */
  readonly acme: Acme
  /** The server's own, for names that no other speaks for. */
  readonly local: LocalAuthority
}

export interface LocalAuthority {
  /** What it may speak for, with all below. */
  readonly domains: readonly string[]
  /** PEM; null before it was made. */
  certificate(): Promise<string | null>
  /** Makes it, if there is none. */
  make(): Promise<string>
  /** A certificate with its chain, and its key; null while there is no authority. */
  issue(hostname: string): Promise<{ readonly certificate: string; readonly key: string } | null>
  destroy(): Promise<void>
}

export interface Acme {
  /** Whose it is: another one's accounts and orders are worth nothing here. */
  readonly directory: string
  /** What an authority may be shown, the first that it offers is used. */
  readonly proofs: readonly ProofKind[]
  /** Registers the key, or finds what it was registered as. Returns the account's URL. */
  register(key: string, signal: AbortSignal): Promise<string>
  /**
   * Brings an order to its end, a new one or one that was begun before, and returns the certificate with its chain, PEM, found to be for
   * this key and name. Throws `AcmeProblem`.
   */
  obtain(order: CertificateOrder, signal: AbortSignal): Promise<string>
  /** When the authority wants it renewed (RFC 9773); null if it does not say. */
  renewalWindow(certificate: string, signal: AbortSignal): Promise<RenewalWindow | null>
}

export type ProofKind = 'http-01' | 'tls-alpn-01' | 'dns-01'

export interface CertificateOrder {
  readonly account: { readonly key: string; readonly url: string }
  readonly hostname: string
  /** The certificate's, PEM. */
  readonly key: string
  /** Of an order that was begun before; null makes a new one. */
  readonly url: string | null
  /** Told before anything else happens, so that an agent that ends in between can go on. */
  onBegun(url: string): unknown
  /** Resolves once every visitor would see it. */
  show(challenge: RoutedChallenge): Promise<void>
  hide(challenge: RoutedChallenge): Promise<void>
}

export interface RenewalWindow {
  readonly startMs: number
  readonly endMs: number
}

/** Why there is no certificate. The message is for the one whose domain it is. */
export class AcmeProblem extends Error {
  /** `order-gone`: what was begun before is worth nothing any more; begin anew. `account-gone`: the same for the account. */
  readonly kind: 'refused' | 'unreachable' | 'rate-limited' | 'order-gone' | 'account-gone'
  /** When to ask again at the earliest, if the authority said so. */
  readonly retryAfterMs: number | null

  constructor(kind: AcmeProblem['kind'], message: string, retryAfterMs: number | null = null) {
    super(message)
    this.name = 'AcmeProblem'
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }
}

import { chooseCertificate, coversHost } from '../core/domains/certificate-names.ts'
import type { RoutedApp } from '../core/ports/routing/router-control.ts'
import type { Origin } from './http/forward-head.ts'
import type { RequestHead } from './http/request-head.ts'

export interface Arrival {
  readonly head: RequestHead
  readonly origin: Origin
  /** Where this router speaks TLS; null when it doesn't. */
  readonly httpsPort: number | null
}

export type Judged =
  | { readonly kind: 'pass' }
  /** An authority looks for the answer to its challenge. */
  | { readonly kind: 'challenge'; readonly text: string }
  | { readonly kind: 'redirect'; readonly status: 301 | 308; readonly location: string }
  /** The connection was made for a host whose certificate says nothing of this one. */
  | { readonly kind: 'misdirected' }

const pass: Judged = { kind: 'pass' }
const misdirected: Judged = { kind: 'misdirected' }
const challengePath = '/.well-known/acme-challenge/'

/** What becomes of a request before its app is asked. Called for every request: for most it is two comparisons. */
export function judgeRequest(app: RoutedApp, { head, origin, httpsPort }: Arrival): Judged {
  if (app.challenges && head.target.startsWith(challengePath)) {
    const token = head.target.slice(challengePath.length)
    for (const one of app.challenges) {
      if (one.kind === 'http-01' && one.token === token) return { kind: 'challenge', text: one.answer }
    }
  }
  const { security } = origin
  if (security) return isMeant(app, security.hostnames, head.hostname) ? pass : misdirected
  if (!app.httpsOnly || origin.isSecureFor(head) || !hasHttps(app, { head, origin, httpsPort })) return pass
  const status = head.method === 'GET' || head.method === 'HEAD' ? 301 : 308
  const port = httpsPort === null || httpsPort === 443 || origin.isTrusted ? '' : `:${httpsPort}`
  return {
    kind: 'redirect',
    status,
    location: `https://${head.hostname}${port}${head.target === '*' ? '/' : head.target}`,
  }
}

/** A wildcard is good for the names of other apps only as far as these have certificates for them themselves. */
function isMeant({ certificates = [] }: RoutedApp, shown: readonly string[], hostname: string): boolean {
  if (shown.includes(hostname)) return true
  return coversHost(shown, hostname) && chooseCertificate(certificates, hostname) !== null
}

/** Who is sent to where nobody can answer is worse off. */
function hasHttps(app: RoutedApp, { head: { hostname }, httpsPort, origin }: Arrival): boolean {
  // A proxy that says http has https as well, or nobody would have turned this on.
  if (origin.isTrusted && origin.security === null) return true
  return httpsPort !== null && chooseCertificate(app.certificates ?? [], hostname) !== null
}

import type { CertificateOrigin, CertificateRow } from '../ports/domains/certificate-store.ts'
import type { RoutedCertificate } from '../ports/routing/router-control.ts'
import { chooseCertificate, coversHost } from './certificate-names.ts'

interface Served {
  readonly hostname: string
  /** The one that somebody chose for it. */
  readonly certificateId: string | null
}

const preference: readonly CertificateOrigin[] = ['uploaded', 'acme', 'local']

/** Which of an app's certificates is shown for a host name: the chosen one, else the best that covers it and has not expired. */
export function certificateFor(
  { certificateId, hostname }: Served,
  certificates: readonly CertificateRow[],
  nowMs: number,
): CertificateRow | null {
  const chosen = certificates.find(({ id }) => id === certificateId)
  if (chosen && coversHost(chosen.hostnames, hostname)) return chosen
  const valid = certificates.filter(({ expiresAt }) => Date.parse(expiresAt) > nowMs)
  for (const origin of preference) {
    const found = chooseCertificate(newestFirst(valid.filter((one) => one.origin === origin)), hostname)
    if (found) return found
  }
  // An expired one tells its visitors what is wrong; none at all tells them nothing.
  return chooseCertificate(newestFirst(certificates), hostname)
}

/** What the router gets: each certificate with the names that it is shown for. */
export function routedCertificates(
  domains: readonly Served[],
  certificates: readonly CertificateRow[],
  nowMs: number,
): RoutedCertificate[] {
  const names = new Map<CertificateRow, string[]>()
  for (const domain of domains) {
    const row = certificateFor(domain, certificates, nowMs)
    if (row) names.set(row, [...(names.get(row) ?? []), domain.hostname])
  }
  return [...names].map(([{ certificate, key }, hostnames]) => ({ hostnames, certificate, key }))
}

const newestFirst = (rows: readonly CertificateRow[]): CertificateRow[] =>
  [...rows].sort((a, b) => (a.expiresAt < b.expiresAt ? 1 : -1))

import { X509Certificate } from 'node:crypto'
import type { SniEndpoint } from '../../contract/domains/sni-endpoint.ts'
import { certificateFor } from '../../core/domains/serving-certificates.ts'
import type { CertificateRow } from '../../core/ports/domains/certificate-store.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

export function sniEndpointResource({ store, clock }: Context, app: AppRow, row: CertificateRow): SniEndpoint {
  const certificates = store.certificates.list(app.id)
  const domains = store.domains.list(app.id)
  const shown = domains.filter((domain) => certificateFor(domain, certificates, clock.now())?.id === row.id)
  const leaf = new X509Certificate(row.certificate)
  const isSelfSigned = leaf.checkIssued(leaf)
  return {
    app: { id: app.id, name: app.name },
    certificate_chain: row.certificate,
    created_at: row.createdAt,
    display_name: null,
    domains: shown.map(({ id }) => id),
    id: row.id,
    name: row.name,
    updated_at: row.updatedAt,
    ssl_cert: {
      acm: row.origin === 'acme',
      'ca_signed?': !isSelfSigned,
      cert_domains: [...row.hostnames],
      expires_at: row.expiresAt,
      id: row.id,
      issuer: onOneLine(leaf.issuer),
      'self_signed?': isSelfSigned,
      starts_at: row.startsAt,
      subject: onOneLine(leaf.subject),
    },
  }
}

/** `C=US\nCN=R11` -> `/C=US/CN=R11`, as Heroku shows it. */
const onOneLine = (name: string | undefined): string => (name ? `/${name.replaceAll('\n', '/')}` : '')

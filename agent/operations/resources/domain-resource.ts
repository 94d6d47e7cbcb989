import type { Domain } from '../../contract/domains/domain.ts'
import { dnsTarget } from '../../core/domains/domain-check.ts'
import { isExpiring } from '../../core/domains/renewal.ts'
import { certificateFor } from '../../core/domains/serving-certificates.ts'
import type { AppRow, DomainRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

export async function domainResource(context: Context, app: AppRow, row: DomainRow): Promise<Domain> {
  const dns = row.kind === 'custom' ? await context.domainChecks.check(row.hostname) : null
  return { ...domainFacts(context, app, row), dns }
}

/** What the server knows by itself. */
export function domainFacts(context: Context, app: AppRow, row: DomainRow): Omit<Domain, 'dns'> {
  const { store, clock, defaultNames, names } = context
  const automated = store.automatedDomains.byDomain(row.id)
  const certificate = certificateFor(row, store.certificates.list(app.id), clock.now())
  return {
    acm_status: automated?.status ?? (app.acm && row.kind === 'custom' ? 'pending' : null),
    acm_status_reason: automated?.reason ?? null,
    app: { id: app.id, name: app.name },
    cname: row.kind === 'custom' ? dnsTarget(defaultNames.of(app.name), names.addresses()) : null,
    created_at: row.createdAt,
    hostname: row.hostname,
    id: row.id,
    kind: row.kind,
    updated_at: row.updatedAt,
    status: 'none',
    sni_endpoint: certificate && { id: certificate.id, name: certificate.name },
    certificate: certificate && {
      origin: certificate.origin,
      expires_at: certificate.expiresAt,
      expires_soon: isExpiring(certificate, clock.now()),
    },
  }
}

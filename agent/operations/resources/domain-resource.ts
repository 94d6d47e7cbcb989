import type { Domain } from '../../contract/domain.ts'
import type { AppRow, DomainRow } from '../../core/ports/store.ts'
import { certificateFor } from '../../core/serving-certificates.ts'
import type { Context } from '../context.ts'

export function domainResource({ machine, store, clock }: Context, app: AppRow, row: DomainRow): Domain {
  const automated = store.automatedDomains.byDomain(row.id)
  const certificate = certificateFor(row, store.certificates.list(app.id), clock.now())
  return {
    acm_status: automated?.status ?? (app.acm && row.kind === 'custom' ? 'pending' : null),
    acm_status_reason: automated?.reason ?? null,
    app: { id: app.id, name: app.name },
    // Where the domain's DNS record has to point.
    cname: row.kind === 'custom' ? machine.facts.router.host : null,
    created_at: row.createdAt,
    hostname: row.hostname,
    id: row.id,
    kind: row.kind,
    updated_at: row.updatedAt,
    status: 'none',
    sni_endpoint: certificate && { id: certificate.id, name: certificate.name },
  }
}

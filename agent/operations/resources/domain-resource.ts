import type { Domain } from '../../contract/domain.ts'
import type { AppRow, DomainRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

export function domainResource({ machine }: Context, app: AppRow, row: DomainRow): Domain {
  return {
    acm_status: null,
    acm_status_reason: null,
    app: { id: app.id, name: app.name },
    // Where the domain's DNS record has to point.
    cname: row.kind === 'custom' ? machine.facts.router.host : null,
    created_at: row.createdAt,
    hostname: row.hostname,
    id: row.id,
    kind: row.kind,
    updated_at: row.updatedAt,
    status: 'none',
    sni_endpoint: null,
  }
}

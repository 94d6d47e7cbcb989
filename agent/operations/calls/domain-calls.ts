import { HearthError } from '../../contract/errors.ts'
import { coversHost } from '../../core/domains/certificate-names.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { CertificateRow } from '../../core/ports/domains/certificate-store.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import type { Calls } from '../call.ts'
import { type Context, timestamp } from '../context.ts'
import { addDomain } from '../domains/add-domain.ts'
import { removeDomain } from '../domains/remove-domain.ts'
import { findApp, findDomain, findNamed } from '../find.ts'
import { domainResource } from '../resources/domain-resource.ts'

export function openDomainCalls(context: Context) {
  const { store } = context
  const findCertificate = (app: AppRow, hostname: string, identity: string | null): CertificateRow | null => {
    if (identity === null) return null
    const row = findNamed(store.certificates.list(app.id), 'sni_endpoint', identity)
    if (coversHost(row.hostnames, hostname)) return row
    const message = `The certificate ${row.name} is for ${row.hostnames.join(', ')}: browsers would not take it for ${hostname}.`
    throw new HearthError('invalid_params', message)
  }
  return {
    async listDomains({ parameters }) {
      const app = findApp(store, parameters.app)
      return Promise.all(store.domains.list(app.id).map((row) => domainResource(context, app, row)))
    },
    async createDomain({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const certificate = findCertificate(app, body.hostname, body.sni_endpoint ?? null)
      const row = await addDomain(context, app, body.hostname, certificate?.id)
      act(context, { app, actor }, logTexts.domainAdded(row.hostname))
      return domainResource(context, app, row)
    },
    async getDomain({ parameters }) {
      const app = findApp(store, parameters.app)
      return domainResource(context, app, findDomain(store, app, parameters.domain))
    },
    async updateDomain({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const domain = findDomain(store, app, parameters.domain)
      const certificate = findCertificate(app, domain.hostname, body.sni_endpoint)
      if ((certificate?.id ?? null) !== domain.certificateId) {
        store.domains.update(domain.id, { certificateId: certificate?.id ?? null, updatedAt: timestamp(context) })
        act(context, { app, actor }, logTexts.certificateChosen(domain.hostname, certificate?.name ?? null))
        context.events.changed('domains', app)
        await context.routes.applyOrReport(app.id)
      }
      return domainResource(context, app, findDomain(store, app, domain.id))
    },
    async destroyDomain({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      const row = findDomain(store, app, parameters.domain)
      const resource = await domainResource(context, app, row)
      await removeDomain(context, app, row)
      act(context, { app, actor }, logTexts.domainRemoved(row.hostname))
      return resource
    },
  } satisfies Partial<Calls>
}

import { logTexts } from '../../core/log-texts.ts'
import { act } from '../access/act.ts'
import { addDomain } from '../add-domain.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp, findDomain } from '../find.ts'
import { removeDomain } from '../remove-domain.ts'
import { domainResource } from '../resources/domain-resource.ts'

export function openDomainCalls(context: Context) {
  const { store } = context
  return {
    async listDomains({ parameters }) {
      const app = findApp(store, parameters.app)
      return store.domains.list(app.id).map((row) => domainResource(context, app, row))
    },
    async createDomain({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const row = await addDomain(context, app, body.hostname)
      act(context, { app, actor }, logTexts.domainAdded(row.hostname))
      return domainResource(context, app, row)
    },
    async getDomain({ parameters }) {
      const app = findApp(store, parameters.app)
      return domainResource(context, app, findDomain(store, app, parameters.domain))
    },
    /** There is nothing to change yet: a domain has no certificate, and what is asked for is that it has none. */
    async updateDomain({ parameters }) {
      const app = findApp(store, parameters.app)
      return domainResource(context, app, findDomain(store, app, parameters.domain))
    },
    async destroyDomain({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      const row = findDomain(store, app, parameters.domain)
      await removeDomain(context, app, row)
      act(context, { app, actor }, logTexts.domainRemoved(row.hostname))
      return domainResource(context, app, row)
    },
  } satisfies Partial<Calls>
}

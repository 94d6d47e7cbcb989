import { notFound } from '../../contract/errors.ts'
import { createAppSetup } from '../app-setups/create-app-setup.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import { appSetupResource } from '../resources/app-setup-resource.ts'

export function openSetupCalls(context: Context) {
  const { store, people } = context
  return {
    async createAppSetup({ actor, body }) {
      const row = createAppSetup(context, { actor, request: body })
      return appSetupResource(context, findApp(store, row.appId), row)
    },
    async getAppSetup({ actor, parameters }) {
      const row = store.appSetups.byId(parameters.setup)
      const app = row && store.apps.byId(row.appId)
      if (!app || people.roleOf(actor, app.id) === null) throw notFound('app setup', parameters.setup)
      return appSetupResource(context, app, row)
    },
  } satisfies Partial<Calls>
}

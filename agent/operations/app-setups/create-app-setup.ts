import { randomUUID } from 'node:crypto'
import type { AppSetupCreate } from '../../contract/apps/app-setup.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppSetupRow } from '../../core/ports/store.ts'
import { createApp } from '../apps/create-app.ts'
import { type Context, timestamp } from '../context.ts'
import { runAppSetup } from './run-app-setup.ts'

/** Creates the app at once; what its source and app.json make of it follows. */
export function createAppSetup(
  context: Context,
  { actor, request }: { actor: Caller; request: AppSetupCreate },
): AppSetupRow {
  const { store, background } = context
  const { personal: _, locked: __, ...wanted } = request.app ?? {}
  const app = createApp(context, { actor, request: wanted })
  const now = timestamp(context)
  const row: AppSetupRow = {
    id: randomUUID(),
    appId: app.id,
    status: 'pending',
    failureMessage: null,
    buildId: null,
    manifestErrors: [],
    postdeploy: null,
    successUrl: null,
    createdAt: now,
    updatedAt: now,
  }
  store.appSetups.insert(row)
  background.run(`setting up ${app.name}`, () => runAppSetup(context, { setupId: row.id, app, actor, request }))
  return row
}

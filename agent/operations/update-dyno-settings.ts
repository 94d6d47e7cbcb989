import type { DynoSettingsUpdate } from '../contract/dyno-settings.ts'
import { logTexts } from '../core/log-texts.ts'
import type { Actor, AppRow } from '../core/ports/store.ts'
import { act } from './access/act.ts'
import { type Context, timestamp } from './context.ts'

/** Changes how an app's dynos are looked after from now on; what is under way goes on as it was begun. */
export function updateDynoSettings(
  context: Context,
  { app, actor, update }: { app: AppRow; actor: Actor; update: DynoSettingsUpdate },
): AppRow {
  const { store, events } = context
  const { preboot = app.preboot } = update
  if (preboot === app.preboot) return app
  store.apps.update(app.id, { preboot, updatedAt: timestamp(context) })
  act(context, { app, actor }, logTexts.preboot(preboot))
  events.changed('apps', app)
  return store.apps.byId(app.id) ?? app
}

import type { DynoSettingsUpdate } from '../contract/dyno-settings.ts'
import { logTexts } from '../core/log-texts.ts'
import type { Actor, AppRow } from '../core/ports/store.ts'
import { act } from './access/act.ts'
import { type Context, timestamp } from './context.ts'
import { wakeApp } from './dynos/wake-app.ts'

/** Changes how an app's dynos are looked after from now on; what is under way goes on as it was begun. */
export function updateDynoSettings(
  context: Context,
  { app, actor, update }: { app: AppRow; actor: Actor; update: DynoSettingsUpdate },
): AppRow {
  const { store, events } = context
  const { preboot = app.preboot, sleep_after_seconds: sleepAfterSeconds = app.sleepAfterSeconds } = update
  if (preboot === app.preboot && sleepAfterSeconds === app.sleepAfterSeconds) return app
  store.apps.update(app.id, { preboot, sleepAfterSeconds, updatedAt: timestamp(context) })
  if (preboot !== app.preboot) act(context, { app, actor }, logTexts.preboot(preboot))
  if (sleepAfterSeconds !== app.sleepAfterSeconds) act(context, { app, actor }, logTexts.sleepSet(sleepAfterSeconds))
  // Who turns sleeping off wants it to run.
  if (sleepAfterSeconds === null) wakeApp(context, app.id)
  events.changed('apps', app)
  return store.apps.byId(app.id) ?? app
}

import type { DynoSettingsUpdate } from '../../contract/dynos/dyno-settings.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'
import { restartDynos } from './restart-dynos.ts'
import { wakeApp } from './wake-app.ts'

/**
 * Changes how an app's dynos are looked after from now on; what is under way goes on as it was begun. Those that run where
 * they are not to run any more are replaced.
 */
export async function updateDynoSettings(
  context: Context,
  { app, actor, update }: { app: AppRow; actor: Actor; update: DynoSettingsUpdate },
): Promise<AppRow> {
  const { store, events, runner } = context
  const { preboot = app.preboot, podman = app.podman } = update
  const { sleep_after_seconds: sleepAfterSeconds = app.sleepAfterSeconds } = update
  if (podman && !app.podman) await runner.requirePodman()
  if (preboot === app.preboot && sleepAfterSeconds === app.sleepAfterSeconds && podman === app.podman) return app
  store.apps.update(app.id, { preboot, sleepAfterSeconds, podman, updatedAt: timestamp(context) })
  if (preboot !== app.preboot) act(context, { app, actor }, logTexts.preboot(preboot))
  if (sleepAfterSeconds !== app.sleepAfterSeconds) act(context, { app, actor }, logTexts.sleepSet(sleepAfterSeconds))
  if (podman !== app.podman) {
    act(context, { app, actor }, logTexts.podman(podman))
    restartDynos(context, app, ({ state }) => state !== 'idle')
  }
  // Who turns sleeping off wants it to run.
  if (sleepAfterSeconds === null) wakeApp(context, app.id)
  events.changed('apps', app)
  return store.apps.byId(app.id) ?? app
}

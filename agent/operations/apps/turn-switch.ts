import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'

type AppSwitch = 'keepAliveToDynos' | 'endToEndContinue' | 'sessionAffinity' | 'logRuntimeMetrics'

/** Turns one of an app's switches, most of which say how the router treats its requests from the next one on. */
export async function turnSwitch(
  context: Context,
  { app, actor }: { app: AppRow; actor: Actor },
  { name, isOn }: { name: AppSwitch; isOn: boolean },
): Promise<AppRow> {
  if (app[name] === isOn) return app
  context.store.apps.update(app.id, { [name]: isOn, updatedAt: timestamp(context) })
  act(context, { app, actor }, logTexts[name](isOn))
  context.events.changed('apps', app)
  await context.routes.applyOrReport(app.id)
  return context.store.apps.byId(app.id) ?? app
}

import type { TlsSettingsUpdate } from '../../contract/domains/tls-settings.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'

/** Changes what the router does about http from the next request on. */
export async function updateTlsSettings(
  context: Context,
  { app, actor, update }: { app: AppRow; actor: Actor; update: TlsSettingsUpdate },
): Promise<AppRow> {
  const { https_only: httpsOnly = app.httpsOnly, hsts_seconds: hstsSeconds = app.hstsSeconds } = update
  if (httpsOnly === app.httpsOnly && hstsSeconds === app.hstsSeconds) return app
  context.store.apps.update(app.id, { httpsOnly, hstsSeconds, updatedAt: timestamp(context) })
  if (httpsOnly !== app.httpsOnly) act(context, { app, actor }, logTexts.httpsOnly(httpsOnly))
  if (hstsSeconds !== app.hstsSeconds) act(context, { app, actor }, logTexts.hsts(hstsSeconds))
  context.events.changed('apps', app)
  await context.routes.applyOrReport(app.id)
  return context.store.apps.byId(app.id) ?? app
}

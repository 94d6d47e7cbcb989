import type { AppUpdate } from '../../contract/apps/app.ts'
import { notFound } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'
import { ownHostname, refuseTakenName } from './create-app.ts'
import { requireStack } from './require-own.ts'

/**
 * Renames an app, turns maintenance on or off, or chooses the stack of its next builds. It needs no turn: nothing that a running deploy is made of changes,
 * and maintenance is wanted most while something goes on.
 */
export async function updateApp(
  context: Context,
  { app, actor, request }: { app: AppRow; actor: Actor; request: AppUpdate },
): Promise<AppRow> {
  const { store, events } = context
  const { name = app.name, maintenance = app.maintenance, build_stack } = request
  // What runs keeps the stack that it was built on, so this takes effect with the next build.
  const stack = build_stack === undefined ? app.stack : requireStack(context, build_stack).name
  store.transaction(() => {
    if (name !== app.name) rename(context, app, name)
    store.apps.update(app.id, { name, maintenance, stack, updatedAt: timestamp(context) })
  })
  if (name !== app.name) act(context, { app, actor }, logTexts.renamed(app.name, name))
  if (maintenance !== app.maintenance) {
    act(context, { app, actor }, logTexts.maintenance(maintenance))
  }
  if (stack !== app.stack) act(context, { app, actor }, logTexts.buildStack(stack))
  const changed = store.apps.byId(app.id)
  if (!changed) throw notFound('app', app.name)
  events.changed('apps', changed)
  await context.routes.applyOrReport(app.id)
  return changed
}

function rename(context: Context, app: AppRow, name: string): void {
  const { store } = context
  refuseTakenName(store, name)
  const own = store.domains.list(app.id).find(({ kind }) => kind === 'heroku')
  if (own) store.domains.update(own.id, { hostname: ownHostname(name), updatedAt: timestamp(context) })
}

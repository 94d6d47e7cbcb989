import type { ConfigVars, ConfigVarsUpdate } from '../../contract/apps/config-vars.ts'
import { changeConfigVars } from '../../core/apps/config-vars.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { describeRelease } from '../../core/releases/release-description.ts'
import type { Context } from '../context.ts'
import { makeRelease } from '../releases/make-release.ts'
import { startRelease } from '../releases/start-release.ts'
import { servingRelease } from '../runtime/routing/routes.ts'

/**
 * Changes the app's config vars by a new release of the code that serves, and returns them all. They stay as edited
 * even if that release fails, so that the next edit can put right what was wrong with them.
 */
export async function setConfigVars(
  context: Context,
  { app, actor, update }: { app: AppRow; actor: Actor; update: ConfigVarsUpdate },
): Promise<ConfigVars> {
  const { store, events } = context
  await startRelease(context, { appId: app.id, verb: 'set-config-vars' }, (current) => {
    const change = changeConfigVars(store.configVars.get(app.id), update)
    if (change.set.length === 0 && change.removed.length === 0) return null
    const slugId = servingRelease(store, app.id)?.slugId
    const slug = slugId ? store.slugs.byId(slugId) : null
    const description = describeRelease.configVars(change)
    const release = makeRelease(context, { app: current, actor, description, slug, configVars: change.configVars })
    events.changed('config-vars', current)
    return release
  })
  return store.configVars.get(app.id)
}

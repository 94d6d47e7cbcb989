import { HearthError } from '../../contract/errors.ts'
import type { Actor, AppRow, ReleaseRow, SlugRow } from '../../core/ports/store.ts'
import { describeRelease } from '../../core/releases/release-description.ts'
import type { Context } from '../context.ts'
import { makeRelease } from './make-release.ts'
import { startRelease } from './start-release.ts'

/** A new release that repeats an earlier one's slug and config vars. */
export async function rollBack(
  context: Context,
  { app, actor, target }: { app: AppRow; actor: Actor; target: ReleaseRow },
): Promise<ReleaseRow> {
  const { store } = context
  requireSlug(context, app, target)
  const started = await startRelease(context, { appId: app.id, verb: 'rollback' }, (current) =>
    makeRelease(context, {
      app: current,
      actor,
      // Looked up again: while this waited for its turn the slug may have left the rollback window.
      slug: requireSlug(context, app, target),
      description: describeRelease.rollback(target.version),
      configVars: store.releases.configVars(target.id),
    }),
  )
  context.events.changed('config-vars', app)
  if (!started) throw new TypeError('A rollback always makes a release.')
  return started.release
}

/** Why a release can't be rolled back to, as the end of a sentence that names it; null when it can. */
export function rollbackObstacle({ store, settings }: Context, release: ReleaseRow): string | null {
  if (release.status === 'failed') return 'it failed'
  if (release.status !== 'succeeded') return 'it is not finished'
  if (release.slugId === null) return 'it has no code to run'
  if (store.slugs.byId(release.slugId) !== null) return null
  return `its slug was removed, as the server keeps those of the newest ${settings.keptReleases} releases; deploy that code again`
}

function requireSlug(context: Context, app: AppRow, target: ReleaseRow): SlugRow {
  const obstacle = rollbackObstacle(context, target)
  const slug = target.slugId === null ? null : context.store.slugs.byId(target.slugId)
  if (obstacle === null && slug) return slug
  throw new HearthError('invalid_params', `${app.name} can't be rolled back to v${target.version}: ${obstacle}.`)
}

import { HearthError } from '../contract/errors.ts'
import type { Actor, AppRow, ReleaseRow } from '../core/ports/store.ts'
import { describeRelease } from '../core/release-description.ts'
import type { Context } from './context.ts'
import { makeRelease } from './make-release.ts'
import { startRelease } from './start-release.ts'

/** A new release that repeats an earlier one's slug and config vars. */
export async function rollBack(
  context: Context,
  { app, actor, target }: { app: AppRow; actor: Actor; target: ReleaseRow },
): Promise<ReleaseRow> {
  const { store } = context
  const slug = target.slugId ? store.slugs.byId(target.slugId) : null
  if (!slug || target.status !== 'succeeded') {
    const why = slug ? `it ${target.status === 'failed' ? 'failed' : 'is not finished'}` : 'it has no code to run'
    throw new HearthError('invalid_params', `${app.name} can't be rolled back to v${target.version}: ${why}.`)
  }
  const started = await startRelease(context, { appId: app.id, verb: 'rollback' }, (current) =>
    makeRelease(context, {
      app: current,
      actor,
      slug,
      description: describeRelease.rollback(target.version),
      configVars: store.releases.configVars(target.id),
    }),
  )
  context.events.changed('config-vars', app)
  if (!started) throw new TypeError('A rollback always makes a release.')
  return started.release
}

import { notFound } from '../../contract/errors.ts'
import type { AppRow, ReleaseRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { rollOut } from './roll-out.ts'

export interface StartedRelease {
  readonly release: ReleaseRow
  /** The release as it ended, succeeded or failed. */
  readonly done: Promise<ReleaseRow>
}

/**
 * Takes the app's turn, makes a release by `make`, and resolves as soon as it exists; rolling it out goes on in the
 * same turn. When `make` finds nothing to release it returns null, and so does this.
 */
export function startRelease(
  context: Context,
  { appId, verb }: { appId: string; verb: string },
  make: (app: AppRow) => ReleaseRow | null,
): Promise<StartedRelease | null> {
  const made = Promise.withResolvers<StartedRelease | null>()
  context.background.run(`releasing (${verb})`, () =>
    context.turns
      .take(appId, async (signal) => {
        const app = context.store.apps.byId(appId)
        if (!app) throw notFound('app', appId)
        const release = make(app)
        const done = release && rollOut(context, { app, release, verb }, signal)
        made.resolve(release && done && { release, done })
        await done
      })
      .catch((error: unknown) => {
        // Before the release exists the failure is the caller's, afterwards the operator's: only one of them takes it.
        made.reject(error)
        throw error
      }),
  )
  return made.promise
}

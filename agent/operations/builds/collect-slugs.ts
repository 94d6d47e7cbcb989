import { logTexts } from '../../core/logs/log-texts.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { unusedSlugs } from '../../core/releases/retention.ts'
import type { Context } from '../context.ts'

/**
 * Removes what no release can need any more: first the rows, so that nothing begins to refer to them, then the files
 * and layers that no row speaks of. A crash in between leaves files without a row, which the next collection takes.
 *
 * The files go while no build runs: what a build has made so far has no row yet.
 */
export function collectSlugs(context: Context): void {
  const { builds, slugs, store, background, report } = context
  builds.runWhenIdle(async () => {
    if (background.signal.aborted) return
    try {
      const apps = store.apps.list()
      for (const app of apps) removeRows(context, app)
      const stacks = apps.map(({ stack }) => stack)
      await slugs.collect(store.slugs.list(), stacks)
    } catch (error) {
      report('removing old slugs failed', error)
    }
  })
}

function removeRows(context: Context, app: AppRow): void {
  const { store, logs, settings } = context
  const removed = store.transaction(() => {
    const use = {
      slugs: store.slugs.list().filter(({ appId }) => appId === app.id),
      releases: store.releases.list(app.id),
      dynos: store.dynos.list(app.id),
      builds: store.builds.list(app.id),
      putSince: new Date(context.clock.now() - settings.unreleasedMs).toISOString(),
    }
    const unused = unusedSlugs(use, settings.keptReleases)
    for (const { id } of unused) store.slugs.remove(id)
    return unused
  })
  if (removed.length > 0) logs.writeLine(app.id, 'api', logTexts.slugsRemoved(removed.length))
}

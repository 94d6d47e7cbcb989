import type { AppRow } from '../../core/ports/store.ts'
import { collectSlugs } from '../builds/collect-slugs.ts'
import type { Context } from '../context.ts'
import { failRelease } from '../releases/roll-out.ts'

/**
 * Interrupts whatever goes on with the app, then removes it: routes first, then dynos, then what is on disk. If the
 * agent dies in between, its next start stops the dynos that no row speaks of.
 */
export async function destroyApp(context: Context, app: AppRow): Promise<void> {
  const { store, turns, builds, routes, dynos } = context
  const reason = `The app ${app.name} is being destroyed.`
  for (const { id } of store.builds.list(app.id)) builds.cancel(id, reason)
  turns.interrupt(app.id, reason)
  await turns.take(app.id, async () => {
    // A second destroyer finds nothing left to do.
    if (!store.apps.byId(app.id)) return
    const rows = store.dynos.list(app.id)
    for (const release of store.releases.list(app.id)) {
      if (release.status === 'pending') failRelease(context, app, release, reason)
    }
    for (const { id } of rows) store.dynos.update(id, { isLeaving: true })
    await Promise.all(rows.map(({ id }) => dynos.stop(id)))
    for (const { id } of store.logDrains.list(app.id)) context.logDrains.stop(id)
    // Told first, while those who had a role on it may still hear of it.
    context.events.changed('apps', app)
    context.people.change(() => store.apps.destroy(app.id))
    await routes.applyOrReport(app.id)
    context.metrics.destroyApp(app.id)
    await forget(context, app)
  })
}

async function forget(context: Context, app: AppRow): Promise<void> {
  const { logs, sources, git, builder, runner, report } = context
  const works = [
    logs.destroyApp(app.id),
    sources.destroyApp(app.id),
    git.destroyApp(app.id),
    builder.destroyCache(app.id),
    runner.destroyApp(app.id),
  ]
  for (const result of await Promise.allSettled(works)) {
    if (result.status === 'rejected') report(`removing the files of ${app.name} failed`, result.reason)
  }
  collectSlugs(context)
}

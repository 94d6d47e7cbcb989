import { type DesiredDyno, plan } from '../../core/dynos/plan.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { replaceDynos } from '../dynos/replace-dynos.ts'
import { wakeApp } from '../dynos/wake-app.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { openSteps } from '../runtime/steps.ts'
import { desiredDynos } from './desired-dynos.ts'

/**
 * Makes what runs of an app what its serving release and formation ask for; only in the app's turn. Added dynos are
 * started and looked after from then on; one that takes another's place (another size) must come up before the
 * other goes.
 */
export async function reconcile(context: Context, app: AppRow, verb: string, signal: AbortSignal): Promise<void> {
  const { store, dynos, background } = context
  const release = servingRelease(store, app.id)
  const slug = release?.slugId ? store.slugs.byId(release.slugId) : null
  const actual = formationDynos(context, app)
  const { start, stop } = plan(release ? desiredDynos(context, release, slug) : [], actual)
  const replaced = new Map(start.map((dyno) => [dyno, actual.find((old) => isReplaced(old, dyno, stop))]))
  const step = openSteps(context.events, app, verb)

  if (release && start.length > 0) {
    await step('start dynos', async () => {
      for (const [dyno, old] of replaced) {
        if (!old) dynos.launchInBackground({ ...dyno, app, release, kind: 'formation' })
      }
      const pairs = [...replaced].flatMap(([dyno, old]) => (old ? [{ dyno, old }] : []))
      await replaceDynos(context, { app, release, pairs }, signal)
    })
  }
  // An app of which something was started is awake as a whole.
  if (start.length > 0) wakeApp(context, app.id)
  const kept = new Set([...replaced.values()].map((old) => old?.id))
  const surplus = actual.filter(({ id }) => stop.includes(id) && !kept.has(id))
  await context.routes.applyOrReport()
  if (surplus.length > 0) {
    // Marked at once, so that nothing starts them again; their last requests need not hold up the next change.
    for (const { id, name, state } of surplus) {
      store.dynos.update(id, { isLeaving: true })
      context.logs.writeLine(app.id, name, logTexts.stateChanged(state, 'down'))
    }
    background.run(`stopping dynos of ${app.name}`, () => step('stop dynos', () => dynos.retire(surplus)))
  }
}

/** Those that count towards the formation. */
export function formationDynos(context: Context, app: AppRow): DynoRow[] {
  return context.store.dynos.list(app.id).filter(({ kind, isLeaving }) => kind === 'formation' && !isLeaving)
}

function isReplaced(old: DynoRow, dyno: DesiredDyno, stop: readonly string[]): boolean {
  return stop.includes(old.id) && old.name === dyno.name && old.state === 'up'
}

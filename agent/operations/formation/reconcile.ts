import { logTexts } from '../../core/logs/log-texts.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { replaceDynos, startsFirst } from '../dynos/replace-dynos.ts'
import { wakeApp } from '../dynos/wake-app.ts'
import { openSteps, type RunStep } from '../runtime/steps.ts'
import { planFormation } from './plan-formation.ts'

/**
 * Makes what runs of an app what its serving release and formation ask for; only in the app's turn. Added dynos are
 * started and looked after from then on; one that takes another's place (another size) must come up before the
 * other goes.
 */
export async function reconcile(context: Context, app: AppRow, verb: string, signal: AbortSignal): Promise<void> {
  const { dynos, routes } = context
  const step = openSteps(context.events, app, verb)
  // First, since these are to go whatever becomes of those that are started.
  stopSurplus(context, { app, surplus: planFormation(context, app).surplus, step })
  if (!startsFirst(context, app)) await untilGone(context, app)
  const { release, added, replacing } = planFormation(context, app)
  if (release && added.length + replacing.length > 0) {
    await step('start dynos', async () => {
      for (const dyno of added) dynos.launchInBackground({ ...dyno, app, release, kind: 'formation' })
      await replaceDynos(context, { app, release, dynos: replacing }, signal)
    })
    // An app of which something was started is awake as a whole.
    wakeApp(context, app.id)
  }
  await routes.applyOrReport()
}

/** Their last requests need not hold up the next change. */
function stopSurplus(
  context: Context,
  { app, surplus, step }: { app: AppRow; surplus: readonly DynoRow[]; step: RunStep },
): void {
  const { store, dynos, logs, background } = context
  if (surplus.length === 0) return
  // Marked at once, so that nothing starts them again.
  for (const { id, name, state } of surplus) {
    store.dynos.update(id, { isLeaving: true })
    logs.writeLine(app.id, name, logTexts.stateChanged(state, 'down'))
  }
  background.run(`stopping dynos of ${app.name}`, () => step('stop dynos', () => dynos.retire(surplus)))
}

/** Of an app of which no two dynos may run at once: those that are on their way out, for whatever reason. */
async function untilGone({ store, dynos }: Context, app: AppRow): Promise<void> {
  await dynos.retire(store.dynos.list(app.id).filter(({ kind, isLeaving }) => kind === 'formation' && isLeaving))
}

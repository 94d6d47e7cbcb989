import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { planFormation } from '../formation/plan-formation.ts'
import { reconcile } from '../formation/reconcile.ts'
import { startsFirst } from './replace-dynos.ts'
import { wakeApp } from './wake-app.ts'

/**
 * Ends one-off dynos. Those of the formation end and are started anew, as on Heroku: new ones at once, beside the last
 * requests of the old ones. Who wants fewer of them scales.
 * https://devcenter.heroku.com/articles/dyno-restarts#manual-restarts
 */
export function stopDynos(context: Context, app: AppRow, rows: readonly DynoRow[]): void {
  const { background, dynos, store, turns } = context
  for (const { id, name, kind } of rows) {
    if (kind !== 'formation') background.run(`stopping ${name}`, () => dynos.stop(id))
  }
  const ofFormation = rows.filter(({ kind }) => kind === 'formation')
  if (ofFormation.length === 0) return
  // Marked at once, and not in the app's turn: what is stuck is what somebody stops.
  for (const { id } of ofFormation) store.dynos.update(id, { isLeaving: true })
  if (startsFirst(context, app)) startInPlace(context, app, ofFormation)
  background.run(`stopping dynos of ${app.name}`, () => dynos.retire(ofFormation))
  background.run(`starting dynos of ${app.name} anew`, () =>
    turns.take(app.id, (signal) => reconcile(context, app, 'stop', signal)),
  )
}

/** Nor does the app go without them for as long as a turn may take that somebody has: a release phase, an hour. */
function startInPlace(context: Context, app: AppRow, stopped: readonly DynoRow[]): void {
  const { release, added } = planFormation(context, app)
  if (!release) return
  const missing = added.filter((dyno) =>
    stopped.some(({ name, releaseId }) => name === dyno.name && releaseId === release.id),
  )
  for (const dyno of missing) context.dynos.launchInBackground({ ...dyno, app, release, kind: 'formation' })
  if (missing.length > 0) wakeApp(context, app.id)
}

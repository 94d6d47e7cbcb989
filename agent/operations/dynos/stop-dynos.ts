import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { reconcile } from '../formation/reconcile.ts'

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
  background.run(`stopping dynos of ${app.name}`, () => dynos.retire(ofFormation))
  background.run(`starting dynos of ${app.name} anew`, () =>
    turns.take(app.id, (signal) => reconcile(context, app, 'stop', signal)),
  )
}

import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { startsFirst } from './replace-dynos.ts'

/**
 * Starts the dynos of an app asleep; nothing happens to one that is awake. Not in the app's turn: somebody waits, and what a
 * deploy does with the app's dynos it does with these too. Only where no two dynos may run at once the turn is waited for, in
 * which the old ones come to their end.
 */
export function wakeApp(context: Context, appId: string): void {
  const { store, background, turns } = context
  const app = store.apps.byId(appId)
  if (!app) return
  if (startsFirst(context, app)) return wakeNow(context, app)
  background.run(`waking ${app.name}`, () => turns.take(app.id, async () => wakeNow(context, app)))
}

function wakeNow(context: Context, app: AppRow): void {
  const release = servingRelease(context.store, app.id)
  if (!release) return
  // A row of another release is on its way out.
  const isAsleep = ({ kind, state, isLeaving, releaseId }: DynoRow) =>
    kind === 'formation' && state === 'idle' && !isLeaving && releaseId === release.id
  const idle = context.store.dynos.list(app.id).filter(isAsleep)
  idle.sort((a, b) => Number(b.type === 'web') - Number(a.type === 'web'))
  for (const row of idle) context.dynos.wake(row, { app, release })
}

import { HearthError } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { formationDynos } from '../formation/reconcile.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { openSteps } from '../runtime/steps.ts'
import { replaceDynos } from './replace-dynos.ts'

/**
 * Starts dynos of the formation anew, without a request lost: those that are up are replaced, and stay if their
 * replacement does not come up, unless the app wants them to stop first; the others, which serve nobody, are started
 * again at once.
 */
export function restartDynos(context: Context, app: AppRow, isMeant: Restart['isMeant']): void {
  context.background.run(`restarting ${app.name}`, () =>
    restartInTurn(context, app, { isMeant, said: logTexts.restarting }),
  )
}

export interface Restart {
  readonly isMeant: (dyno: DynoRow) => boolean
  /** Why, as the log says it. */
  readonly said: string
}

/** The same; resolves when it is done, and rejects when a replacement did not come up. */
export function restartInTurn(context: Context, app: AppRow, { isMeant, said }: Restart): Promise<void> {
  const { turns, store, dynos, logs } = context
  return turns.take(app.id, async (signal) => {
    const release = servingRelease(store, app.id)
    if (!release?.slugId || !store.apps.byId(app.id)) return
    const meant = formationDynos(context, app).filter((dyno) => dyno.releaseId === release.id && isMeant(dyno))
    if (meant.length === 0) return
    const step = openSteps(context.events, app, 'restart')
    await step('restart dynos', async () => {
      for (const { name, state } of meant) {
        logs.writeLine(app.id, name, said)
        if (state !== 'starting') logs.writeLine(app.id, name, logTexts.stateChanged(state, 'starting'))
      }
      for (const old of meant) {
        if (old.state === 'up') continue
        await dynos.stop(old.id)
        const { name, type, command, size } = old
        dynos.launchInBackground({ name, type, command, size, app, release, kind: 'formation' })
      }
      const pairs = meant.filter(({ state }) => state === 'up').map((old) => ({ dyno: old, old }))
      await replaceDynos(context, { app, release, pairs }, signal)
    })
  })
}

/** The same for one dyno and for nobody who waits: a replacement that does not come up is told by the app's log alone. */
export async function restartAlone(context: Context, { id, appId, name }: DynoRow, said: string): Promise<void> {
  const { store, background, report } = context
  const app = store.apps.byId(appId)
  if (!app) return
  try {
    await restartInTurn(context, app, { isMeant: (dyno) => dyno.id === id && dyno.state === 'up', said })
  } catch (error) {
    background.signal.throwIfAborted()
    if (!(error instanceof HearthError) || error.id === 'internal')
      report(`${said} of ${name} of ${app.name} failed`, error)
  }
}

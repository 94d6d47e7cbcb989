import { HearthError } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { formationDynos } from '../formation/plan-formation.ts'
import type { Launch } from '../runtime/dynos/launch.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { openSteps } from '../runtime/steps.ts'
import { replaceDynos } from './replace-dynos.ts'
import { wakeApp } from './wake-app.ts'

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
  const { turns, store, logs } = context
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
      await startAnew(
        context,
        { app, release },
        meant.filter(({ state }) => state !== 'up'),
      )
      await replaceDynos(context, { app, release, dynos: meant.filter(({ state }) => state === 'up') }, signal)
    })
  })
}

/** Those that serve nobody need no replacement that is up first. */
async function startAnew(
  context: Context,
  parts: Pick<Launch, 'app' | 'release'>,
  rows: readonly DynoRow[],
): Promise<void> {
  const { store, dynos } = context
  // All at once, so that the back-off of none ends meanwhile.
  for (const { id } of rows) store.dynos.update(id, { isLeaving: true })
  const starts = rows.map(async ({ id, name, type, command, size }) => {
    await dynos.stop(id)
    dynos.launchInBackground({ name, type, command, size, kind: 'formation', ...parts })
  })
  await Promise.all(starts)
  if (rows.some(({ state }) => state === 'idle')) wakeApp(context, parts.app.id)
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

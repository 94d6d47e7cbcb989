import type { DesiredDyno } from '../../core/dynos/plan.ts'
import type { AppRow, DynoRow, ReleaseRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import type { Launch } from '../runtime/dynos/launch.ts'

export interface Replacement {
  readonly app: AppRow
  readonly release: ReleaseRow
  /** The new ones; each takes the place of those that have its name by then. */
  readonly dynos: readonly Omit<DesiredDyno, 'releaseId'>[]
}

/** Puts new dynos in the place of running ones of the same release, in the order that the app wants. */
export async function replaceDynos(context: Context, parts: Replacement, signal: AbortSignal): Promise<void> {
  if (parts.dynos.length === 0) return
  if (startsFirst(context, parts.app)) await startAllFirst(context, parts, signal)
  else await stopEachFirst(context, parts, signal)
}

/** By the setting of now, not by that of when something was begun. */
export function startsFirst({ store }: Pick<Context, 'store'>, app: AppRow): boolean {
  return store.apps.byId(app.id)?.preboot ?? app.preboot
}

/**
 * All new ones up first, then the old ones go. If one does not come up the new ones are stopped and the old ones stay; the
 * error says which and why.
 */
async function startAllFirst(context: Context, parts: Replacement, signal: AbortSignal): Promise<void> {
  const { dynos, background } = context
  const trials = dynos.putOnTrial(parts.dynos.map((dyno) => launchOf(parts, dyno)))
  const rows = trials.map(({ row }) => row)
  const ids = rows.map(({ id }) => id)
  try {
    await dynos.bringUp(trials, signal)
  } catch (error) {
    // Those that came up serve requests already, being of the release that serves.
    if (!background.signal.aborted) await dynos.retire(rows)
    throw error
  }
  dynos.accept(ids)
  await retireOthers(context, parts, ids)
}

/**
 * One after the other, for apps of which no two may run at once: requests wait in the router meanwhile. One that does not come
 * up is tried again as after any crash, and those after it stay.
 */
async function stopEachFirst(context: Context, parts: Replacement, signal: AbortSignal): Promise<void> {
  const { dynos } = context
  for (const dyno of parts.dynos) {
    await retireOthers(context, { ...parts, dynos: [dyno] }, [])
    await dynos.startInTurn(launchOf(parts, dyno), signal)
  }
}

/** By their names: an old one that crashed meanwhile was started again, as another. */
async function retireOthers({ store, dynos }: Context, parts: Replacement, ids: readonly string[]): Promise<void> {
  const isOther = ({ id, kind, name }: DynoRow) =>
    kind === 'formation' && !ids.includes(id) && parts.dynos.some((dyno) => dyno.name === name)
  await dynos.retire(store.dynos.list(parts.app.id).filter(isOther))
}

function launchOf(
  { app, release }: Replacement,
  { name, type, command, size }: Omit<DesiredDyno, 'releaseId'>,
): Launch {
  return { name, type, command, size, app, release, kind: 'formation' }
}

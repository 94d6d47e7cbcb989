import type { DesiredDyno } from '../../core/dynos/plan.ts'
import type { AppRow, DynoRow, ReleaseRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

export interface Replacement {
  readonly app: AppRow
  readonly release: ReleaseRow
  readonly pairs: readonly { readonly dyno: Omit<DesiredDyno, 'releaseId'>; readonly old: DynoRow }[]
}

/** Puts new dynos in the place of running ones of the same release, in the order that the app wants. */
export async function replaceDynos(context: Context, parts: Replacement, signal: AbortSignal): Promise<void> {
  if (parts.pairs.length === 0) return
  const stopWaiting = AbortSignal.any([signal, context.background.signal])
  if (startsFirst(context, parts.app)) await startAllFirst(context, parts, stopWaiting)
  else await stopEachFirst(context, parts, stopWaiting)
}

/** By the setting of now, not by that of when something was begun. */
export function startsFirst({ store }: Pick<Context, 'store'>, app: AppRow): boolean {
  return store.apps.byId(app.id)?.preboot ?? app.preboot
}

/**
 * All new ones up first, then the old ones go. If one does not come up the new ones are stopped and the old ones stay; the
 * error says which and why.
 */
async function startAllFirst(context: Context, parts: Replacement, stopWaiting: AbortSignal): Promise<void> {
  const { dynos, background } = context
  const { app, release, pairs } = parts
  const started: string[] = []
  const results = await Promise.allSettled(
    pairs.map(async ({ dyno }) => {
      const { name, type, command, size } = dyno
      const { row } = await dynos.start({ name, type, command, size, app, release, kind: 'formation' }, true)
      started.push(row.id)
      await dynos.waitUntilUp(row.id, stopWaiting)
    }),
  )
  const failure = results.find((result) => result.status === 'rejected')
  if (failure && !background.signal.aborted) await Promise.all(started.map((id) => dynos.stop(id)))
  if (failure) throw failure.reason
  dynos.accept(started)
  await dynos.retire(pairs.map(({ old }) => old))
}

/**
 * One after the other, for apps of which no two may run at once: requests wait in the router meanwhile. One that does not come
 * up is tried again as after any crash, and those after it stay.
 */
async function stopEachFirst(context: Context, parts: Replacement, stopWaiting: AbortSignal): Promise<void> {
  const { dynos } = context
  const { app, release, pairs } = parts
  for (const { dyno, old } of pairs) {
    await dynos.retire([old])
    const { name, type, command, size } = dyno
    const { row } = await dynos.start({ name, type, command, size, app, release, kind: 'formation' }, false)
    await dynos.waitUntilUp(row.id, stopWaiting)
  }
}

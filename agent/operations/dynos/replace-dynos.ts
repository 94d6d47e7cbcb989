import type { DesiredDyno } from '../../core/plan.ts'
import type { AppRow, DynoRow, ReleaseRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

/**
 * Puts new dynos in the place of running ones of the same release: all new ones up first, then the old ones go. If
 * one does not come up the new ones are stopped and the old ones stay; the error says which and why.
 */
export async function replaceDynos(
  context: Context,
  parts: { app: AppRow; release: ReleaseRow; pairs: readonly { dyno: Omit<DesiredDyno, 'releaseId'>; old: DynoRow }[] },
  signal: AbortSignal,
): Promise<void> {
  const { dynos, background } = context
  const { app, release, pairs } = parts
  if (pairs.length === 0) return
  const started: string[] = []
  const stopWaiting = AbortSignal.any([signal, background.signal])
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

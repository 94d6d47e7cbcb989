import type { AppRow, ReleaseRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { servingRelease } from '../runtime/routing/routes.ts'

/**
 * The release that serves once none is on its way: who has just changed a config var and runs something means the release that
 * came of it. It is not waited for longer than `settings.releaseWaitMs` after it was made, since a release phase may take an
 * hour and somebody may want to look what it does; then what serves so far is meant.
 */
export async function settledRelease(context: Context, app: AppRow): Promise<ReleaseRow | null> {
  const { store, clock, settings } = context
  const newest = store.releases.newest(app.id)
  if (newest?.status === 'pending') {
    const leftMs = Date.parse(newest.createdAt) + settings.releaseWaitMs - clock.now()
    // A clock that was set back since makes it no longer.
    if (leftMs > 0) await waitForTurn(context, app, Math.min(leftMs, settings.releaseWaitMs))
  }
  return servingRelease(store, app.id)
}

/** A release is made and rolled out in one turn of its app. */
async function waitForTurn({ turns, clock, background }: Context, app: AppRow, durationMs: number): Promise<void> {
  const controller = new AbortController()
  const signal = AbortSignal.any([background.signal, controller.signal])
  const over = clock.delay(durationMs, signal).catch(() => undefined)
  // Interrupted when the app is destroyed: then there is nothing to wait for.
  const turn = turns.take(app.id, async () => undefined).catch(() => undefined)
  await Promise.race([turn, over])
  controller.abort()
}

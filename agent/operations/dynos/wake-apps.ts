import type { Context } from '../context.ts'
import { wakeApp } from './wake-app.ts'

/** After a router that could not be asked, or could not be told. */
const pauseMs = 1000

/**
 * Wakes the apps that requests wait for, as soon as the router says so. It says so for as long as they wait: what an agent before
 * this one was told and did not live to do is told again.
 */
export function wakeApps(context: Context): void {
  const { background, router, routes, clock } = context
  background.run('waking apps', async () => {
    while (!background.signal.aborted) {
      try {
        const wanted = await router.wanted(background.signal)
        for (const appId of wanted) wakeApp(context, appId)
        // Or the router would say it again at once.
        await Promise.all(wanted.map((appId) => routes.apply(appId)))
        if (wanted.some((appId) => isStillAsleep(context, appId))) await clock.delay(pauseMs, background.signal)
      } catch {
        // The router is away, or too old to tell; that is reported where something is lost by it.
        if (!background.signal.aborted) await clock.delay(pauseMs, background.signal)
      }
    }
  })
}

/** One whose dynos must first come to their end is woken in a moment. */
function isStillAsleep({ store }: Context, appId: string): boolean {
  return store.dynos.list(appId).some(({ state, isLeaving, type }) => type === 'web' && state === 'idle' && !isLeaving)
}

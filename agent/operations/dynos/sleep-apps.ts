import type { RoutedAppStatus } from '../../core/ports/routing/router-control.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { formationDynos } from '../formation/plan-formation.ts'

interface Use {
  readonly requests: number
  readonly atUptimeMs: number
}

/**
 * Puts apps to sleep that nobody asked for as long as they want. Use is what the router counts: requests, answers that still
 * run, websockets. When an app was used last is counted by the machine's uptime and from what this agent saw: a clock that
 * jumps puts nothing to sleep, and an agent or router that was started anew only counts from the beginning.
 */
export function sleepApps(context: Context): void {
  const { background, clock, settings, router } = context
  const uses = new Map<string, Use>()
  background.repeat('putting apps to sleep', { clock, everyMs: settings.sleepLookMs }, async () => {
    const sleepy = context.store.apps.list().filter(({ sleepAfterSeconds }) => sleepAfterSeconds !== null)
    if (sleepy.length === 0) return
    // Away, it counts nothing; one that can't wake an app must not find one asleep.
    const status = await router.status().catch(() => null)
    if (!status?.canWake) return
    note(uses, status.apps, clock.uptime())
    for (const app of sleepy) await sleepIfUnused(context, app, uses.get(app.id))
  })
}

function note(uses: Map<string, Use>, apps: readonly RoutedAppStatus[], uptimeMs: number): void {
  const known = new Set(apps.map(({ id }) => id))
  for (const id of uses.keys()) if (!known.has(id)) uses.delete(id)
  for (const { id, requests, inFlight, tunnels } of apps) {
    const isUsed = uses.get(id)?.requests !== requests || inFlight > 0 || tunnels > 0
    if (isUsed) uses.set(id, { requests, atUptimeMs: uptimeMs })
  }
}

async function sleepIfUnused(context: Context, app: AppRow, use: Use | undefined): Promise<void> {
  const { turns, background, report } = context
  // What is being changed is wanted; and the others don't wait for its turn.
  if (!use || turns.isBusy(app.id) || !isUnused(context, app, use)) return
  await turns
    .take(app.id, async () => {
      const now = context.store.apps.byId(app.id)
      // It may have been deployed, scaled or woken while it waited for its turn.
      if (now && isUnused(context, now, use)) await context.dynos.putToSleep(upOf(context, now))
    })
    .catch((error: unknown) => {
      background.signal.throwIfAborted()
      report(`putting ${app.name} to sleep failed`, error)
    })
}

function isUnused(context: Context, app: AppRow, use: Use): boolean {
  if (app.sleepAfterSeconds === null) return false
  const rows = formationDynos(context, app)
  const up = upOf(context, app)
  // One that starts or has crashed is not done yet with what was begun.
  const isSettled = rows.every(({ state }) => state === 'up' || state === 'idle')
  if (!isSettled || !up.some(({ type }) => type === 'web')) return false
  const newest = Math.max(use.atUptimeMs, ...up.map(({ startedUptimeMs }) => startedUptimeMs))
  return context.clock.uptime() - newest >= app.sleepAfterSeconds * 1000
}

function upOf(context: Context, app: AppRow): DynoRow[] {
  return formationDynos(context, app).filter(({ state }) => state === 'up')
}

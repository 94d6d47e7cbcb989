import { cycleAgeMs } from '../../core/dynos/cycle.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { restartAlone } from './restart-dynos.ts'

/**
 * Puts a new dyno in the place of each that is a day old, one after the other: an app that leaks or forgets heals overnight.
 * A dyno's age is counted by the machine's uptime. A clock that jumps, as at the first start of a board without a battery,
 * neither ends all dynos at once nor lets them live for ever.
 */
export function cycleDynos(context: Context): void {
  const { background, clock, settings, turns } = context
  /** By id: the uptime before which a dyno is left alone. */
  const spared = new Map<string, number>()
  background.repeat('cycling dynos', { clock, everyMs: settings.cycleLookMs }, async () => {
    for (const row of findDue(context, spared)) {
      // Its turn may take an hour, which the others don't wait for: it is due at the next look too.
      if (turns.isBusy(row.appId)) continue
      // Also when it succeeds: a dyno that is on its way out is not asked twice.
      spared.set(row.id, clock.uptime() + settings.cycleRetryMs)
      await restartAlone(context, row, logTexts.cycling)
    }
  })
}

function findDue({ store, clock, settings }: Context, spared: Map<string, number>): DynoRow[] {
  const rows = store.dynos.listAll()
  const known = new Set(rows.map(({ id }) => id))
  for (const id of spared.keys()) if (!known.has(id)) spared.delete(id)
  const uptimeMs = clock.uptime()
  return rows
    .filter(({ kind, state, isLeaving }) => kind === 'formation' && state === 'up' && !isLeaving)
    .filter(({ id, startedUptimeMs }) => uptimeMs - startedUptimeMs >= cycleAgeMs(id, settings))
    .filter(({ id }) => (spared.get(id) ?? 0) <= uptimeMs)
    .sort((a, b) => a.startedUptimeMs - b.startedUptimeMs)
}

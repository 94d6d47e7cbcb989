import { followSilence, isHung, type Silence } from '../../core/dynos/silence.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { RoutedDynoStatus } from '../../core/ports/routing/router-control.ts'
import type { DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { restartAlone } from './restart-dynos.ts'

/**
 * A web dyno that takes connections and answers none of them is no crash, and would stay for ever. When the router has waited
 * in vain often enough, and long enough, a new one takes its place. https://devcenter.heroku.com/articles/error-codes#h12-request-timeout
 */
export function restartHungDynos(context: Context): void {
  const { background, clock, settings, router, turns } = context
  let silences = new Map<string, Silence>()
  background.repeat('looking for dynos that hang', { clock, everyMs: settings.hangLookMs }, async () => {
    const up = listUp(context)
    // Away, it counts nothing.
    const status = up.size > 0 ? await router.status().catch(() => null) : null
    const uptimeMs = clock.uptime()
    const seen = (status?.apps ?? []).flatMap(({ dynos }) => dynos).filter(({ id }) => up.has(id))
    silences = new Map(seen.map((dyno) => [dyno.id, followSilence(silences.get(dyno.id), countsOf(dyno), uptimeMs)]))
    for (const [id, silence] of silences) {
      const row = up.get(id)
      // One that is being changed is looked at again: its release phase may take an hour, and the others hang meanwhile.
      if (!row || turns.isBusy(row.appId) || !isHung(silence, uptimeMs, settings)) continue
      // What comes of it is looked at anew: a replacement that does not come up is not tried at every look.
      silences.delete(id)
      await restartAlone(context, row, logTexts.hung(silence.requests, uptimeMs - silence.sinceUptimeMs))
    }
  })
}

function listUp({ store }: Context): Map<string, DynoRow> {
  const rows = store.dynos.listAll()
  const up = rows.filter(
    ({ kind, type, state, isLeaving }) => kind === 'formation' && type === 'web' && state === 'up' && !isLeaving,
  )
  return new Map(up.map((row) => [row.id, row]))
}

const countsOf = ({ answered = 0, unanswered = 0 }: RoutedDynoStatus) => ({ answered, unanswered })

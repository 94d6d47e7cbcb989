import type { DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

/** Stops a one-off dyno that runs when its time is over; also taken up again for those that outlived the agent. */
export function endInTime(context: Context, row: DynoRow): void {
  const { background, clock, dynos } = context
  const { expiresAt, createdAt } = row
  if (expiresAt === null || !context.store.dynos.byId(row.id)) return
  background.run(`ending ${row.name} in time`, async () => {
    const controller = new AbortController()
    const signal = AbortSignal.any([background.signal, controller.signal])
    // A clock that was set back since gives it no more time than it had.
    const givenMs = Date.parse(expiresAt) - Date.parse(createdAt)
    const leftMs = Math.min(givenMs, Math.max(0, Date.parse(expiresAt) - clock.now()))
    const over = clock.delay(leftMs, signal).then(
      () => dynos.stop(row.id),
      () => undefined,
    )
    await Promise.race([over, dynos.exit(row.id)])
    controller.abort()
    await over
  })
}

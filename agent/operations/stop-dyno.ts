import type { DynoRow } from '../core/ports/store.ts'
import type { Context } from './context.ts'

/** Ends a one-off dyno; takes one of the formation down until it is restarted, scaled or deployed. */
export function stopDyno(context: Context, row: DynoRow): void {
  const { background, dynos } = context
  background.run(`stopping ${row.name}`, () => (row.kind === 'formation' ? dynos.takeDown(row.id) : dynos.stop(row.id)))
}

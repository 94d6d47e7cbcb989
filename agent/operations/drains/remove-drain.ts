import type { Actor } from '../../core/ports/access/actor.ts'
import type { AppRow, LogDrainRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import type { Context } from '../context.ts'

export function removeDrain(
  context: Context,
  { app, row, actor }: { app: AppRow; row: LogDrainRow; actor: Actor },
): void {
  context.logDrains.stop(row.id)
  context.store.logDrains.remove(row.id)
  act(context, { app, actor }, `Remove log drain ${row.token}`)
}

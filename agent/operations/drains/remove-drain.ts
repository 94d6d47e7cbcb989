import { logTexts } from '../../core/log-texts.ts'
import type { Actor } from '../../core/ports/actor.ts'
import type { LogDrainRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

export function removeDrain({ store, logs, logDrains }: Context, row: LogDrainRow, actor: Actor): void {
  logDrains.stop(row.id)
  store.logDrains.remove(row.id)
  logs.writeLine(row.appId, 'api', logTexts.act(`Remove log drain ${row.token}`, actor))
}

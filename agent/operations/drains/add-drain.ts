import { randomUUID } from 'node:crypto'
import { HearthError } from '../../contract/errors.ts'
import { limits } from '../../core/limits.ts'
import { parseDrainUrl } from '../../core/logs/drain-url.ts'
import type { Actor } from '../../core/ports/access/actor.ts'
import type { AppRow, LogDrainRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'

/** Sends the app's log, from now on, to one more place. */
export function addDrain(context: Context, app: AppRow, { actor, url }: { actor: Actor; url: string }): LogDrainRow {
  const { store, logDrains } = context
  parseDrainUrl(url)
  const now = timestamp(context)
  const row = { id: randomUUID(), appId: app.id, url, token: `d.${randomUUID()}`, createdAt: now, updatedAt: now }
  store.transaction(() => {
    const drains = store.logDrains.list(app.id)
    if (drains.some((drain) => drain.url === url)) {
      throw new HearthError('invalid_params', 'Url has already been taken: the app has this drain.')
    }
    if (drains.length >= limits.drainsPerApp) {
      throw new HearthError('invalid_params', `${app.name} has ${limits.drainsPerApp} drains, which is the limit.`)
    }
    store.logDrains.insert(row)
  })
  logDrains.start(row)
  act(context, { app, actor }, `Add log drain ${row.token}`)
  return row
}

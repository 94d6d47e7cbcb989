import { notFound } from '../../contract/errors.ts'
import type { LogDrain } from '../../contract/logs/log-drain.ts'
import type { AppRow, LogDrainRow } from '../../core/ports/store.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { addDrain } from '../drains/add-drain.ts'
import { removeDrain } from '../drains/remove-drain.ts'
import { findApp } from '../find.ts'

export function openDrainCalls(context: Context) {
  const { store } = context
  const find = ({ app: name, drain }: { app: string; drain: string }): [AppRow, LogDrainRow] => {
    const app = findApp(store, name)
    const row = store.logDrains.list(app.id).find(({ id, token, url }) => [id, token, url].includes(drain))
    // Not its name: it may be a URL with a password.
    if (!row) throw notFound('log drain', `${app.name} has none of that name`)
    return [app, row]
  }
  return {
    async listLogDrains({ parameters }) {
      const app = findApp(store, parameters.app)
      return store.logDrains.list(app.id).map((row) => logDrainResource(app, row))
    },
    async createLogDrain({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      return logDrainResource(app, addDrain(context, app, { actor, url: body.url }))
    },
    getLogDrain: async ({ parameters }) => logDrainResource(...find(parameters)),
    async destroyLogDrain({ actor, parameters }) {
      const [app, row] = find(parameters)
      removeDrain(context, { app, row, actor })
      return logDrainResource(app, row)
    },
  } satisfies Partial<Calls>
}

function logDrainResource(app: AppRow, { id, token, url, createdAt, updatedAt }: LogDrainRow): LogDrain {
  const reference = { id: app.id, name: app.name }
  return { addon: null, app: reference, created_at: createdAt, id, token, updated_at: updatedAt, url }
}

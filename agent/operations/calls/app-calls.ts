import { logTexts } from '../../core/logs/log-texts.ts'
import { selectRows } from '../../core/range.ts'
import { note } from '../access/act.ts'
import { listVisibleApps } from '../access/authorize.ts'
import { createApp } from '../apps/create-app.ts'
import { destroyApp } from '../apps/destroy-app.ts'
import { updateApp } from '../apps/update-app.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp, findUser } from '../find.ts'
import { appResource } from '../resources/app-resource.ts'

export function openAppCalls(context: Context) {
  const { store } = context
  return {
    async listApps({ actor, range }) {
      return selectRows(listVisibleApps(context, actor), range).map((row) => appResource(context, row))
    },
    async listUserApps({ actor, parameters, range }) {
      findUser(actor, parameters.user)
      return selectRows(listVisibleApps(context, actor), range).map((row) => appResource(context, row))
    },
    async createApp({ actor, body }) {
      const app = createApp(context, { actor, request: body })
      note(context, { app: null, actor }, logTexts.appCreated(app.name))
      return appResource(context, app)
    },
    getApp: async ({ parameters }) => appResource(context, findApp(store, parameters.app)),
    async updateApp({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      return appResource(context, await updateApp(context, { app, actor, request: body }))
    },
    async destroyApp({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      const resource = appResource(context, app)
      await destroyApp(context, app)
      note(context, { app: null, actor }, logTexts.appDestroyed(app.name))
      return resource
    },
  } satisfies Partial<Calls>
}

import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp, findDyno, shownDynos } from '../find.ts'
import { dynoResource, dynoStatus } from '../resources/dyno-resource.ts'
import { restartDynos } from '../restart-dynos.ts'
import { runDyno } from '../run-dyno.ts'
import { stopDyno } from '../stop-dyno.ts'

export function openDynoCalls(context: Context) {
  const { store } = context
  const find = ({ app, dyno }: { app: string; dyno: string }) => findDyno(store, findApp(store, app), dyno)
  return {
    async listDynos({ parameters }) {
      const app = findApp(store, parameters.app)
      return shownDynos(store, app).map((row) => dynoResource(context, app, row))
    },
    async getDyno({ parameters }) {
      const app = findApp(store, parameters.app)
      return dynoResource(context, app, findDyno(store, app, parameters.dyno))
    },
    async createDyno({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      return dynoResource(context, app, await runDyno(context, { app, actor, request: body }))
    },
    async restartAllDynos({ parameters }) {
      restartDynos(context, findApp(store, parameters.app), () => true)
      return undefined
    },
    async restartDyno({ parameters }) {
      const row = find(parameters)
      // A one-off dyno has nothing to be started for again.
      if (row.kind !== 'formation') stopDyno(context, row)
      else restartDynos(context, findApp(store, parameters.app), ({ name }) => name === row.name)
      return undefined
    },
    async restartFormationType({ parameters }) {
      restartDynos(context, findApp(store, parameters.app), ({ type }) => type === parameters.type)
      return undefined
    },
    async stopDyno({ parameters }) {
      stopDyno(context, find(parameters))
      return undefined
    },
    async resizeDyno({ parameters, body }) {
      context.terminals.resize(find(parameters).id, body.columns, body.rows)
      return undefined
    },
    async listDynoStatuses({ parameters }) {
      const rows = shownDynos(store, findApp(store, parameters.app))
      return Promise.all(rows.map((row) => dynoStatus(context, row)))
    },
  } satisfies Partial<Calls>
}

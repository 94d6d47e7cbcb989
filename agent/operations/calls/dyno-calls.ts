import { id } from '../../contract/common.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { note } from '../access/act.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findOfType } from '../dynos/find-of-type.ts'
import { restartDynos } from '../dynos/restart-dynos.ts'
import { runDyno } from '../dynos/run-dyno.ts'
import { runInside } from '../dynos/run-inside.ts'
import { stopDynos } from '../dynos/stop-dynos.ts'
import { updateDynoSettings } from '../dynos/update-dyno-settings.ts'
import { findApp, findDyno, shownDynos } from '../find.ts'
import { createdDynoResource, dynoResource, dynoSettingsResource, dynoStatus } from '../resources/dyno-resource.ts'

export function openDynoCalls(context: Context) {
  const { store } = context
  const find = ({ app, dyno }: { app: string; dyno: string }) => findDyno(store, findApp(store, app), dyno)
  return {
    ...openDynoActs(context),
    getDynoSettings: async ({ parameters }) => dynoSettingsResource(findApp(store, parameters.app)),
    async updateDynoSettings({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      return dynoSettingsResource(await updateDynoSettings(context, { app, actor, update: body }))
    },
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
      return createdDynoResource(context, app, await runDyno(context, { app, actor, request: body }))
    },
    async runInsideDyno({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const dyno = findDyno(store, app, parameters.dyno)
      return createdDynoResource(context, app, await runInside(context, { app, actor, dyno, request: body }))
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

interface Deed {
  readonly app: AppRow
  readonly actor: Caller
}

/**
 * A dyno is asked for by its name or id: what is neither is a process type, for all of its dynos, as on Heroku (`heroku ps:restart
 * worker`). https://devcenter.heroku.com/articles/dyno-restarts
 */
const namesType = (dyno: string) => /^[-\w]{1,128}$/.test(dyno) && !id.safeParse(dyno).success

/** What people do to dynos that are there. */
function openDynoActs(context: Context) {
  const { store } = context
  const restartType = ({ app, actor }: Deed, type: string) => {
    findOfType(context, app, type)
    restartDynos(context, app, (row) => row.type === type)
    note(context, { app, actor }, logTexts.restarted(`all ${type} dynos`))
  }
  const stopType = ({ app, actor }: Deed, type: string) => {
    stopDynos(context, app, findOfType(context, app, type))
    note(context, { app, actor }, logTexts.stopped(`all ${type} dynos`))
  }
  return {
    async restartAllDynos({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      restartDynos(context, app, () => true)
      note(context, { app, actor }, logTexts.restarted('all dynos'))
      return undefined
    },
    async restartDyno({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      if (namesType(parameters.dyno)) return restartType({ app, actor }, parameters.dyno)
      const row = findDyno(store, app, parameters.dyno)
      // A one-off dyno has nothing to be started for again.
      if (row.kind !== 'formation') stopDynos(context, app, [row])
      else restartDynos(context, app, ({ name }) => name === row.name)
      note(context, { app, actor }, logTexts.restarted(row.name))
      return undefined
    },
    async restartFormationType({ actor, parameters }) {
      return restartType({ app: findApp(store, parameters.app), actor }, parameters.type)
    },
    async stopDyno({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      if (namesType(parameters.dyno)) return stopType({ app, actor }, parameters.dyno)
      const row = findDyno(store, app, parameters.dyno)
      stopDynos(context, app, [row])
      note(context, { app, actor }, logTexts.stopped(row.name))
      return undefined
    },
    async stopFormationType({ actor, parameters }) {
      return stopType({ app: findApp(store, parameters.app), actor }, parameters.type)
    },
  } satisfies Partial<Calls>
}

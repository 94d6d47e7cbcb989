import { notFound } from '../../contract/errors.ts'
import type { Formation } from '../../contract/formation.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import { formationResources } from '../resources/formation-resource.ts'
import { scale } from '../scale.ts'

export function openFormationCalls(context: Context) {
  const { store } = context
  const findType = (app: AppRow, type: string): Formation => {
    const found = formationResources(context, app).find((one) => one.type === type || one.id === type)
    if (!found) throw notFound('process type', type)
    return found
  }
  return {
    listFormation: async ({ parameters }) => formationResources(context, findApp(store, parameters.app)),
    async updateFormation({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      await scale(context, { app, actor, updates: body.updates })
      return formationResources(context, app)
    },
    getFormationType: async ({ parameters }) => findType(findApp(store, parameters.app), parameters.type),
    async updateFormationType({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      // By its id too; what is not there is told by scaling.
      const known = formationResources(context, app).find(({ id }) => id === parameters.type)
      const type = known?.type ?? parameters.type
      await scale(context, { app, actor, updates: [{ ...body, type }] })
      return findType(app, type)
    },
  } satisfies Partial<Calls>
}

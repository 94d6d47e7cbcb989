import type { Formation, FormationBatchUpdate } from '../../contract/dynos/formation.ts'
import { notFound } from '../../contract/errors.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import { scale } from '../formation/scale.ts'
import { releaseImages } from '../releases/release-images.ts'
import { formationResources } from '../resources/formation-resource.ts'

export function openFormationCalls(context: Context) {
  const { store } = context
  const findType = (app: AppRow, type: string): Formation => {
    const found = formationResources(context, app).find((one) => one.type === type || one.id === type)
    if (!found) throw notFound('process type', type)
    return found
  }
  /** Images first: only then there is a process type to scale. */
  const update = async (app: AppRow, actor: Caller, updates: FormationBatchUpdate['updates']) => {
    const images = updates.flatMap(({ type, docker_image: reference }) => (reference ? [{ type, reference }] : []))
    if (images.length > 0) await releaseImages(context, { app, actor, images })
    const scaled = updates.filter(
      ({ docker_image, quantity, size, dyno_size }) => !docker_image || quantity !== undefined || size || dyno_size,
    )
    if (scaled.length > 0) await scale(context, { app, actor, updates: scaled })
  }
  return {
    listFormation: async ({ parameters }) => formationResources(context, findApp(store, parameters.app)),
    async updateFormation({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      await update(app, actor, body.updates)
      return formationResources(context, app)
    },
    getFormationType: async ({ parameters }) => findType(findApp(store, parameters.app), parameters.type),
    async updateFormationType({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      // By its id too; what is not there is told by scaling.
      const known = formationResources(context, app).find(({ id }) => id === parameters.type)
      const type = known?.type ?? parameters.type
      await update(app, actor, [{ ...body, type }])
      return findType(app, type)
    },
  } satisfies Partial<Calls>
}

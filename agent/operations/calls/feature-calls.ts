import type { Feature } from '../../contract/apps/feature.ts'
import { findTopic, notHere } from '../../contract/elsewhere/elsewhere.ts'
import { HearthError } from '../../contract/errors.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { updateDynoSettings } from '../dynos/update-dyno-settings.ts'
import { findApp, findNamed } from '../find.ts'
import { featureResources } from '../resources/feature-resource.ts'

export function openFeatureCalls(context: Context) {
  const find = (app: AppRow, feature: string): Feature => {
    const topic = findTopic('GET', `/apps/${app.name}/features/${feature}`)
    if (topic) throw notHere(topic)
    return findNamed(featureResources(context, app), 'feature', feature)
  }
  const appOf = ({ app }: { app: string }) => findApp(context.store, app)
  return {
    listAppFeatures: async ({ parameters }) => featureResources(context, appOf(parameters)),
    getAppFeature: async ({ parameters }) => find(appOf(parameters), parameters.feature),
    async updateAppFeature({ actor, parameters, body }) {
      const app = appOf(parameters)
      const feature = find(app, parameters.feature)
      if (feature.name === 'preboot') {
        const changed = await updateDynoSettings(context, { app, actor, update: { preboot: body.enabled } })
        return find(changed, feature.name)
      }
      if (body.enabled) return feature
      throw new HearthError('invalid_params', `${feature.name} is how Hearth works: it can't be turned off.`)
    },
  } satisfies Partial<Calls>
}

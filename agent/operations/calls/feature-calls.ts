import { findTopic, notHere } from '../../contract/elsewhere/elsewhere.ts'
import { HearthError } from '../../contract/errors.ts'
import type { Feature } from '../../contract/feature.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp, findNamed } from '../find.ts'
import { featureResources } from '../resources/feature-resource.ts'

export function openFeatureCalls(context: Context) {
  const find = ({ app, feature }: { app: string; feature: string }): Feature => {
    findApp(context.store, app)
    const topic = findTopic('GET', `/apps/${app}/features/${feature}`)
    if (topic) throw notHere(topic)
    return findNamed(featureResources(context), 'feature', feature)
  }
  return {
    async listAppFeatures({ parameters }) {
      findApp(context.store, parameters.app)
      return featureResources(context)
    },
    getAppFeature: async ({ parameters }) => find(parameters),
    async updateAppFeature({ parameters, body }) {
      const feature = find(parameters)
      if (body.enabled) return feature
      throw new HearthError('invalid_params', `${feature.name} is how Hearth works: it can't be turned off.`)
    },
  } satisfies Partial<Calls>
}

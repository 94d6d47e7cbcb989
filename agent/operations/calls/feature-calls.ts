import type { Feature } from '../../contract/apps/feature.ts'
import { findTopic, notHere } from '../../contract/elsewhere/elsewhere.ts'
import { HearthError } from '../../contract/errors.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { turnSwitch } from '../apps/turn-switch.ts'
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
  const turn = async (app: AppRow, actor: Actor, { name, isOn }: { name: string; isOn: boolean }): Promise<AppRow> => {
    switch (name) {
      case 'preboot':
        return updateDynoSettings(context, { app, actor, update: { preboot: isOn } })
      case 'http-disable-keepalive-to-dyno':
        return turnSwitch(context, { app, actor }, { name: 'keepAliveToDynos', isOn: !isOn })
      case 'http-end-to-end-continue':
        return turnSwitch(context, { app, actor }, { name: 'endToEndContinue', isOn })
      case 'http-session-affinity':
        return turnSwitch(context, { app, actor }, { name: 'sessionAffinity', isOn })
      case 'log-runtime-metrics':
        return turnSwitch(context, { app, actor }, { name: 'logRuntimeMetrics', isOn })
    }
    if (isOn) return app
    throw new HearthError('invalid_params', `${name} is how Hearth works: it can't be turned off.`)
  }
  return {
    listAppFeatures: async ({ parameters }) => featureResources(context, appOf(parameters)),
    getAppFeature: async ({ parameters }) => find(appOf(parameters), parameters.feature),
    async updateAppFeature({ actor, parameters, body }) {
      const app = appOf(parameters)
      const feature = find(app, parameters.feature)
      return find(await turn(app, actor, { name: feature.name, isOn: body.enabled }), feature.name)
    },
  } satisfies Partial<Calls>
}

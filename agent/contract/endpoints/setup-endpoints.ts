import { appSetup, appSetupCreate } from '../apps/app-setup.ts'
import { endpoint } from '../endpoint.ts'

/** Apps from a source with an app.json. */
export const setupEndpoints = {
  createAppSetup: endpoint('POST', '/app-setups', {
    needs: 'server deploy',
    tier: 2,
    partly:
      'add-ons of app.json are refused unless overrides.env has their config var, dyno sizes that are not ours stand for the usual one',
    request: appSetupCreate,
    response: appSetup,
    status: 202,
  }),
  getAppSetup: endpoint('GET', '/app-setups/{setup}', { needs: 'anyone', tier: 2, response: appSetup }),
} as const

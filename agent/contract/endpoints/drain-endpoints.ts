import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { logDrain, logDrainCreate } from '../logs/log-drain.ts'

/** Where an app's log goes besides its readers. `{drain}` is an id, a token or the percent-encoded URL. */
export const drainEndpoints = {
  listLogDrains: endpoint('GET', '/apps/{app}/log-drains', {
    needs: 'operate',
    tier: 2,
    ranges: ['created_at', 'id'],
    response: z.array(logDrain),
  }),
  createLogDrain: endpoint('POST', '/apps/{app}/log-drains', {
    needs: 'operate',
    tier: 2,
    request: logDrainCreate,
    response: logDrain,
    status: 201,
  }),
  getLogDrain: endpoint('GET', '/apps/{app}/log-drains/{drain}', { needs: 'operate', tier: 2, response: logDrain }),
  destroyLogDrain: endpoint('DELETE', '/apps/{app}/log-drains/{drain}', {
    needs: 'operate',
    tier: 2,
    response: logDrain,
  }),
} as const

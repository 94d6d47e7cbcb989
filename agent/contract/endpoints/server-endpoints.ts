import { z } from 'zod'
import { account } from '../account.ts'
import { endpoint } from '../endpoint.ts'
import { rateLimit } from '../rate-limit.ts'
import { region } from '../region.ts'
import { server, serverStatus } from '../server.ts'
import { stack } from '../stack.ts'

/** Who asks, and the server as a whole. */
export const serverEndpoints = {
  getAccount: endpoint('GET', '/account', { needs: 'anyone', tier: 1, response: account }),
  getRateLimits: endpoint('GET', '/account/rate-limits', { needs: 'anyone', tier: 2, response: rateLimit }),
  listStacks: endpoint('GET', '/stacks', {
    needs: 'anyone',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(stack),
  }),
  listRegions: endpoint('GET', '/regions', {
    needs: 'anyone',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(region),
  }),
  getServer: endpoint('GET', '/server', { needs: 'anyone', response: server }),
  getServerStatus: endpoint('GET', '/server/status', { needs: 'anyone', response: serverStatus }),
  /** Starts the router anew, with the program of now; answers when it serves. Requests wait meanwhile, none is refused. */
  restartRouter: endpoint('POST', '/server/router/actions/restart', { needs: 'server manage', response: server }),
  /** `application/x-ndjson`, one event a line, until the client goes. */
  followEvents: endpoint('GET', '/events', { needs: 'anyone', response: 'bytes' }),
} as const

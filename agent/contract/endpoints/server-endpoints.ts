import { z } from 'zod'
import { account, accountUpdate } from '../access/account.ts'
import { rateLimit } from '../access/rate-limit.ts'
import { generation } from '../apps/generation.ts'
import { authority } from '../domains/authority.ts'
import { dynoSize } from '../dynos/formation.ts'
import { endpoint } from '../endpoint.ts'
import { serverDiagnostics } from '../server/diagnostics.ts'
import { region } from '../server/region.ts'
import { server, serverStatus } from '../server/server.ts'
import { serverPodman } from '../server/server-podman.ts'
import { stack } from '../server/stack.ts'

/** Who asks, and the server as a whole. */
export const serverEndpoints = {
  getAccount: endpoint('GET', '/account', { needs: 'anyone', tier: 1, response: account }),
  updateAccount: endpoint('PATCH', '/account', {
    needs: 'anyone',
    tier: 2,
    partly: 'the name only',
    request: accountUpdate,
    response: account,
  }),
  getUser: endpoint('GET', '/users/{user}', { needs: 'anyone', tier: 2, response: account }),
  updateUser: endpoint('PATCH', '/users/{user}', {
    needs: 'anyone',
    tier: 2,
    partly: 'the name only',
    request: accountUpdate,
    response: account,
  }),
  getRateLimits: endpoint('GET', '/account/rate-limits', { needs: 'anyone', tier: 2, response: rateLimit }),
  listStacks: endpoint('GET', '/stacks', {
    needs: 'anyone',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(stack),
  }),
  getStack: endpoint('GET', '/stacks/{stack}', { needs: 'anyone', tier: 2, response: stack }),
  listRegions: endpoint('GET', '/regions', {
    needs: 'anyone',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(region),
  }),
  getRegion: endpoint('GET', '/regions/{region}', { needs: 'anyone', tier: 2, response: region }),
  listDynoSizes: endpoint('GET', '/dyno-sizes', {
    needs: 'anyone',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(dynoSize),
  }),
  getDynoSize: endpoint('GET', '/dyno-sizes/{size}', { needs: 'anyone', tier: 2, response: dynoSize }),
  listGenerations: endpoint('GET', '/generations', {
    needs: 'anyone',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(generation),
  }),
  getGeneration: endpoint('GET', '/generations/{generation}', { needs: 'anyone', tier: 2, response: generation }),
  getServer: endpoint('GET', '/server', { needs: 'anyone', response: server }),
  getServerStatus: endpoint('GET', '/server/status', { needs: 'anyone', response: serverStatus }),
  getServerDiagnostics: endpoint('GET', '/server/diagnostics', { needs: 'server manage', response: serverDiagnostics }),
  getAuthority: endpoint('GET', '/server/authority', { needs: 'anyone', response: authority }),
  /** Makes it if there is none; from then on apps have certificates of it for their names under `.local` and the like. */
  createAuthority: endpoint('POST', '/server/authority', { needs: 'server manage', response: authority, status: 201 }),
  /** With all certificates that it signed. */
  destroyAuthority: endpoint('DELETE', '/server/authority', { needs: 'server manage', response: authority }),
  /** Starts the router anew, with the program of now; answers when it serves. Requests wait meanwhile, none is refused. */
  restartRouter: endpoint('POST', '/server/router/actions/restart', { needs: 'server manage', response: server }),
  getServerPodman: endpoint('GET', '/server/podman', { needs: 'anyone', response: serverPodman }),
  /** From the server's own package sources; answers at once, and `getServerPodman` tells how it goes. */
  installServerPodman: endpoint('POST', '/server/podman', {
    needs: 'server manage',
    response: serverPodman,
    status: 202,
  }),
  /** `application/x-ndjson`, one event a line, until the client goes. */
  followEvents: endpoint('GET', '/events', { needs: 'anyone', response: 'bytes' }),
} as const

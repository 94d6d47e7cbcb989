import { accessEndpoints } from './endpoints/access-endpoints.ts'
import { appEndpoints } from './endpoints/app-endpoints.ts'
import { buildEndpoints } from './endpoints/build-endpoints.ts'
import { certificateEndpoints } from './endpoints/certificate-endpoints.ts'
import { drainEndpoints } from './endpoints/drain-endpoints.ts'
import { dynoEndpoints } from './endpoints/dyno-endpoints.ts'
import { emptyEndpoints } from './endpoints/empty-endpoints.ts'
import { gitEndpoints } from './endpoints/git-endpoints.ts'
import { logEndpoints } from './endpoints/log-endpoints.ts'
import { metricsEndpoints } from './endpoints/metrics-endpoints.ts'
import { releaseEndpoints } from './endpoints/release-endpoints.ts'
import { serverEndpoints } from './endpoints/server-endpoints.ts'
import { setupEndpoints } from './endpoints/setup-endpoints.ts'
import { webhookEndpoints } from './endpoints/webhook-endpoints.ts'

/**
 * Every request that the agent answers. The API serves exactly this table and the agent client is typed by it.
 * `{app}` is a name or an id; `{release}` an id or a version number; `{dyno}`, `{size}`, `{stack}`, `{region}`, `{sni_endpoint}` and `{feature}` a
 * name or an id; `{user}` is `~`, or the id or e-mail-like name of whoever asks.
 */
export const endpoints = {
  ...appEndpoints,
  ...certificateEndpoints,
  ...buildEndpoints,
  ...gitEndpoints,
  ...releaseEndpoints,
  ...setupEndpoints,
  ...dynoEndpoints,
  ...drainEndpoints,
  ...webhookEndpoints,
  ...logEndpoints,
  ...serverEndpoints,
  ...metricsEndpoints,
  ...accessEndpoints,
  ...emptyEndpoints,
} as const

export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints

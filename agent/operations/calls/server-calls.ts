import { randomUUID } from 'node:crypto'
import type { Calls } from '../call.ts'
import { type Context, timestamp } from '../context.ts'
import { findApp } from '../find.ts'
import {
  accountResource,
  regionResources,
  serverResource,
  serverStatusResource,
  stackResources,
} from '../resources/server-resource.ts'
import { restartRouter } from '../restart-router.ts'

/** The server itself, who asks, and the logs. */
export function openServerCalls(context: Context) {
  return {
    getAccount: async ({ actor }) => accountResource(context, actor),
    getRateLimits: async ({ actor }) => ({ remaining: context.rateLimits.remaining(actor.id) }),
    listStacks: async () => stackResources(context),
    listRegions: async () => regionResources(context),
    getServer: () => serverResource(context),
    restartRouter: () => restartRouter(context),
    async getServerStatus({ actor }) {
      const status = await serverStatusResource(context)
      return { ...status, dynos: status.dynos.filter(({ app }) => context.people.roleOf(actor, app.id) !== null) }
    },
    async createLogSession({ parameters, body }) {
      const app = findApp(context.store, parameters.app)
      const now = timestamp(context)
      const logplex_url = `/streams/${context.logSessions.create(app.id, body)}`
      return { created_at: now, id: randomUUID(), logplex_url, updated_at: now }
    },
  } satisfies Partial<Calls>
}

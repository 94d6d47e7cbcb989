import { randomUUID } from 'node:crypto'
import { notFound } from '../../contract/errors.ts'
import type { Calls } from '../call.ts'
import { type Context, timestamp } from '../context.ts'
import { findApp } from '../find.ts'

/** An app's log: what happens now, and what is kept of before. */
export function openLogCalls(context: Context) {
  const { store, logs } = context
  return {
    async createLogSession({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const now = timestamp(context)
      const logplex_url = `/streams/${context.logSessions.create(app.id, actor, body)}`
      return { created_at: now, id: randomUUID(), logplex_url, updated_at: now }
    },
    async getLogHistory({ parameters }) {
      return { segments: await logs.history(findApp(store, parameters.app).id) }
    },
    async getLogSegment({ parameters }) {
      const app = findApp(store, parameters.app)
      const id = /^\d{1,9}$/.test(parameters.segment) ? Number(parameters.segment) : 0
      const text = await logs.readSegment(app.id, id)
      if (text === null)
        throw notFound(
          'log segment',
          `${app.name} has none of the number ${parameters.segment.slice(0, 20)}; old ones go`,
        )
      return { id, text }
    },
    async searchLog({ parameters, body: { text, source, dyno, before } }) {
      const app = findApp(store, parameters.app)
      return logs.search(app.id, { text, filter: { source, process: dyno }, before })
    },
  } satisfies Partial<Calls>
}

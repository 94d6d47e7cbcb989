import { randomUUID } from 'node:crypto'
import { HearthError } from '../../contract/errors.ts'
import { limits } from '../../core/limits.ts'
import type { AppRow, DomainRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'

/** Routes a host name to the app. */
export async function addDomain(
  context: Context,
  app: AppRow,
  hostname: string,
  certificateId: string | null = null,
): Promise<DomainRow> {
  const { store, routes, events } = context
  const now = timestamp(context)
  const row: DomainRow = {
    id: randomUUID(),
    appId: app.id,
    hostname,
    kind: 'custom',
    certificateId,
    createdAt: now,
    updatedAt: now,
  }
  store.transaction(() => {
    const taken = store.domains.byHostname(hostname)
    if (taken) {
      const where = taken.appId === app.id ? 'already added to this app' : 'currently in use by another app'
      throw new HearthError('invalid_params', `${hostname} is ${where}.`)
    }
    if (store.domains.list(app.id).length > limits.domainsPerApp) {
      throw new HearthError('invalid_params', `${app.name} has ${limits.domainsPerApp} domains, which is the limit.`)
    }
    store.domains.insert(row)
  })
  events.changed('domains', app)
  // What may have been another app's by itself is its no longer.
  await routes.applyOrReport(context.defaultNames.isOneOf(hostname) ? undefined : app.id)
  context.certificateWork.want()
  return row
}

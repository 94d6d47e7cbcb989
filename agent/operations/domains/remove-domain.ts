import { HearthError } from '../../contract/errors.ts'
import type { AppRow, DomainRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

export async function removeDomain(context: Context, app: AppRow, domain: DomainRow): Promise<void> {
  if (domain.kind === 'heroku') {
    throw new HearthError('invalid_params', `${domain.hostname} is the app's own name; rename the app to change it.`)
  }
  context.store.transaction(() => {
    // The one that was got for it has its id.
    context.store.certificates.remove(domain.id)
    context.store.domains.remove(domain.id)
  })
  context.events.changed('domains', app)
  await context.routes.applyOrReport(app.id)
  context.certificateWork.want()
}

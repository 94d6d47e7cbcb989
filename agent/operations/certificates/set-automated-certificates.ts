import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'

interface Asked {
  readonly app: AppRow
  readonly actor: Actor
}

/** Has certificates got and renewed for the app's own domains, those that are added later too; or no more. */
export function setAutomatedCertificates(context: Context, { app, actor }: Asked, isOn: boolean): AppRow {
  const { store } = context
  if (app.acm === isOn) return app
  store.transaction(() => {
    store.apps.update(app.id, { acm: isOn, updatedAt: timestamp(context) })
    if (!isOn) removeAutomated(context, app)
  })
  act(context, { app, actor }, logTexts.automatedCertificates(isOn))
  context.events.changed('apps', app)
  context.events.changed('domains', app)
  if (isOn) context.certificateWork.want()
  else context.background.run('telling the router', () => context.routes.apply(app.id))
  return store.apps.byId(app.id) ?? app
}

/** Tries now what would be tried later. An authority that wants to be asked less often is not asked. */
export function refreshAutomatedCertificates(context: Context, { app, actor }: Asked): AppRow {
  const { clock, store } = context
  for (const domain of store.domains.list(app.id)) {
    const row = store.automatedDomains.byDomain(domain.id)
    if (row && (row.status === 'failing' || row.status === 'failed')) {
      store.automatedDomains.put({ ...row, nextAt: new Date(clock.now()).toISOString() })
    }
  }
  act(context, { app, actor }, logTexts.automatedCertificatesRefreshed)
  context.certificateWork.want()
  return app
}

function removeAutomated({ store }: Context, app: AppRow): void {
  store.automatedDomains.removeAll(app.id)
  for (const { id, origin } of store.certificates.list(app.id)) if (origin === 'acme') store.certificates.remove(id)
}

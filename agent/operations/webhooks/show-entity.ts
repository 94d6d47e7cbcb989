import type { WebhookEntity } from '../../contract/webhooks/webhook.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Shown } from '../../core/webhooks/find-changes.ts'
import type { Context } from '../context.ts'
import { shownDynos } from '../find.ts'
import { appResource } from '../resources/app-resource.ts'
import { buildResource } from '../resources/build-resource.ts'
import { domainFacts } from '../resources/domain-resource.ts'
import { dynoResource } from '../resources/dyno-resource.ts'
import { formationResources } from '../resources/formation-resource.ts'
import { releaseResources } from '../resources/release-resource.ts'
import { sniEndpointResource } from '../resources/sni-endpoint-resource.ts'

/** How many releases and builds are looked at: what is older changes no more. */
const newest = 10

/** An app's things of one kind, as the API shows them, without what only who may see the app is to have: URLs that are secrets. */
export function showEntity(context: Context, app: AppRow, entity: WebhookEntity): Shown[] {
  const { store } = context
  switch (entity) {
    case 'api:app':
      return [appResource(context, app)]
    case 'api:build':
      return store.builds
        .list(app.id)
        .slice(-newest)
        .map((row) => ({ ...buildResource(context, row), output_stream_url: null, source_blob: null }))
    case 'api:domain':
      return store.domains.list(app.id).map((row) => domainFacts(context, app, row))
    case 'api:formation':
      return formationResources(context, app)
    case 'api:release': {
      const rows = store.releases.list(app.id, {
        ...{ lowest: 1, highest: Number.MAX_SAFE_INTEGER, isNewestFirst: true, maximum: newest },
      })
      return releaseResources(context, app, rows.toReversed()).map((one) => ({ ...one, output_stream_url: null }))
    }
    case 'api:sni-endpoint':
      return store.certificates.list(app.id).map((row) => sniEndpointResource(context, app, row))
    case 'dyno':
      return shownDynos(store, app).map((row) => dynoResource(context, app, row))
  }
}

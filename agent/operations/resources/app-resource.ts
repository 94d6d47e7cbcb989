import type { App } from '../../contract/apps/app.ts'
import { stackOf } from '../../core/builds/image-reference.ts'
import { isWildcard } from '../../core/domains/certificate-names.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { referToStack } from '../apps/require-own.ts'
import type { Context } from '../context.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { userReference } from './user-reference.ts'

/** What there is one of on a server has a fixed id. */
export const generation = { id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1a001', name: 'cedar' } as const

export function appResource(context: Context, row: AppRow): App {
  const { store, machine } = context
  const { facts } = machine
  const release = servingRelease(store, row.id)
  const slug = release?.slugId ? store.slugs.byId(release.slugId) : null
  return {
    acm: row.acm,
    archived_at: null,
    buildpack_provided_description: slug?.description ?? null,
    build_stack: referToStack(context, row.stack),
    create_status: 'complete',
    created_at: row.createdAt,
    generation,
    git_url: `hearth@${facts.router.host}:${row.name}.git`,
    id: row.id,
    internal_routing: null,
    maintenance: row.maintenance,
    name: row.name,
    owner: userReference(row.owner),
    organization: null,
    team: null,
    region: { id: facts.id, name: facts.name },
    released_at: release?.createdAt ?? null,
    repo_size: store.repositories.get(row.id)?.sizeBytes ?? null,
    slug_size: slug?.sizeBytes ?? null,
    space: null,
    // That of what runs; of an app without code that of its first build.
    stack: referToStack(context, slug ? stackOf(slug) : row.stack),
    updated_at: row.updatedAt,
    web_url: webUrl(context, row),
  }
}

/**
 * Where a browser reaches the app: its first custom domain, or its own name when the router is on this computer. The
 * own name of an app on a distant server is reached through the desktop, which knows its port itself.
 */
export function webUrl(context: Pick<Context, 'store' | 'machine'>, row: AppRow): string | null {
  const { runner, router } = context.machine.facts
  const domains = context.store.domains.list(row.id).filter(({ hostname }) => !isWildcard(hostname))
  const port = router.port === 80 ? '' : `:${router.port}`
  const domain = runner === 'process' ? domains[0] : domains.find(({ kind }) => kind === 'custom')
  return domain ? `http://${domain.hostname}${port}/` : null
}

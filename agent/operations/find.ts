import { toHostname } from '../contract/domains/domain.ts'
import { HearthError, notFound } from '../contract/errors.ts'
import type { Actor, AppRow, BuildRow, DomainRow, DynoRow, ReleaseRow, SlugRow, Store } from '../core/ports/store.ts'

// What a path's parameter names, or the error that says it is not there.

/** By name or id. */
export function findApp(store: Store, identity: string): AppRow {
  return store.apps.byName(identity) ?? store.apps.byId(identity) ?? missing('app', identity)
}

/** `~`, or the id or e-mail-like name of whoever asks: nobody is told of others. */
export function findUser(actor: Actor, identity: string): Actor {
  return ['~', actor.id, actor.email].includes(identity) ? actor : missing('account', identity)
}

/** By name or id, among what there are few of. */
export function findNamed<Item extends { readonly id: string; readonly name: string }>(
  items: readonly Item[],
  resource: string,
  identity: string,
): Item {
  return items.find(({ id, name }) => name === identity || id === identity) ?? missing(resource, identity)
}

/** By id or version, with or without the `v`. */
export function findRelease(store: Store, app: AppRow, identity: string | number): ReleaseRow {
  const version = /^v?(\d{1,9})$/.exec(String(identity))?.[1]
  const row = version ? store.releases.byVersion(app.id, Number(version)) : store.releases.byId(String(identity))
  return row?.appId === app.id ? row : missing('release', String(identity))
}

/** By name or id. Of an old and a new dyno of one name the new one is meant. */
export function findDyno(store: Store, app: AppRow, identity: string): DynoRow {
  const rows = shownDynos(store, app)
  const row = rows.findLast(({ id, name }) => id === identity || name === identity)
  return row ?? missing('dyno', identity)
}

/** Without those that are on their way out. */
export function shownDynos(store: Store, app: AppRow): DynoRow[] {
  return store.dynos.list(app.id).filter(({ isLeaving }) => !isLeaving)
}

export function findBuild(store: Store, app: AppRow, identity: string): BuildRow {
  const row = store.builds.byId(identity)
  return row?.appId === app.id ? row : missing('build', identity)
}

export function findSlug(store: Store, app: AppRow, identity: string): SlugRow {
  const row = store.slugs.byId(identity)
  if (row?.appId === app.id) return row
  if (store.newSlugs.byId(identity)?.appId !== app.id) return missing('slug', identity)
  throw new HearthError(
    'invalid_params',
    `The archive of the slug ${identity} has not arrived: put it to its blob.url.`,
  )
}

/** By host name or id. */
export function findDomain(store: Store, app: AppRow, identity: string): DomainRow {
  const name = toHostname(identity)
  const row = store.domains.list(app.id).find(({ id, hostname }) => id === identity || hostname === name)
  return row ?? missing('domain', identity)
}

export function missing(resource: string, identity: string): never {
  throw notFound(resource, identity)
}

import { type Role, roles } from '../contract/access/role.ts'

/** The roles that somebody holds: on the whole server, and on apps by their ids. */
export interface Authority {
  readonly server: Role | null
  readonly apps: ReadonlyMap<string, Role>
}

/** Whether who holds this role may do what needs that one. */
export function suffices(held: Role | null, needed: Role): boolean {
  return held !== null && roles.indexOf(held) >= roles.indexOf(needed)
}

export function higherRole(one: Role | null, other: Role | null): Role | null {
  return other !== null && suffices(one, other) ? one : (other ?? one)
}

/** A role on the whole server is one on each of its apps. */
export function roleOnApp(authority: Authority, appId: string): Role | null {
  return higherRole(authority.server, authority.apps.get(appId) ?? null)
}

/** Whether somebody may do anything less now than they could, on the apps that are still there. */
export function isReduced(before: Authority, after: Authority, isThere: (appId: string) => boolean): boolean {
  const places = [null, ...[...before.apps.keys()].filter(isThere)]
  return places.some((appId) => {
    const held = appId === null ? before.server : roleOnApp(before, appId)
    return held !== null && !suffices(appId === null ? after.server : roleOnApp(after, appId), held)
  })
}

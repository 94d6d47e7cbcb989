import type { AppSummary, Role, ServerAccess } from '../../electron/bridge/contract.ts'
import { listGivers, suffices } from '../lib/role.ts'
import { useResource } from './resources.ts'

/** What this desktop may do on a server; undefined until that is known. */
export function useOwnAccess(serverId: string): ServerAccess | undefined {
  return useResource('access.own', { serverId }).data
}

/** The role on an app, and who could give another; null until it is known. */
export function useAppRole({ serverId, app }: AppSummary): { role: Role; givers: string } | null {
  const access = useOwnAccess(serverId)
  const role = access?.apps.find((each) => each.app.id === app.id)?.role
  return access && role ? { role, givers: listGivers(access.managers) } : null
}

/** Why something can't be done to an app now, as a sentence; null when it can. */
export function useObstacle(summary: AppSummary, needed: Role): string | null {
  return explainAppObstacle(summary, useOwnAccess(summary.serverId), needed)
}

/** The same for a server as a whole. */
export function useServerObstacle(serverId: string, needed: Role): string | null {
  return explainServerObstacle(useOwnAccess(serverId), needed)
}

/** What is not known yet does not stand in the way: the server refuses what it must. */
export function explainAppObstacle(
  { app, online }: AppSummary,
  access: ServerAccess | undefined,
  needed: Role,
): string | null {
  if (!online) return 'The server is offline: connect it first.'
  const role = access?.apps.find((each) => each.app.id === app.id)?.role
  if (!access || !role || suffices(role, needed)) return null
  return `That takes the role ${needed}; yours on ${app.name} is ${role}. ${listGivers(access.managers)} can give it.`
}

export function explainServerObstacle(access: ServerAccess | undefined, needed: Role): string | null {
  if (!access || suffices(access.role, needed)) return null
  const has = access.role === null ? 'you have none' : `yours is ${access.role}`
  return `That takes the role ${needed} on the whole server; ${has}. ${listGivers(access.managers)} can give it.`
}

import type { CallResult } from '../../electron/bridge/contract.ts'
import { useResource } from './resources.ts'

export type Traffic = NonNullable<CallResult<'servers.status'>['apps']>[number]

/** It moves without events, and nobody watches it closely. */
const pollMs = 10_000

/** What a server's apps were asked for, by the app's id; empty for an agent that does not tell. */
export function useTraffic(serverId: string): ReadonlyMap<string, Traffic> {
  const apps = useResource('servers.status', { serverId }, { pollMs }).data?.apps ?? []
  return new Map(apps.map((traffic) => [traffic.app.id, traffic]))
}

import type { CallResult } from '../../electron/bridge/contract.ts'
import { useResource } from './resources.ts'

export type Traffic = NonNullable<CallResult<'servers.status'>['apps']>[number]

/** It moves without events, and nobody watches it closely. */
const pollMs = 10_000

/** A server's figures, for what only glances at them; undefined until they are known. */
export function useServerStatus(serverId: string): CallResult<'servers.status'> | undefined {
  return useResource('servers.status', { serverId }, { pollMs }).data
}

/** What a server's apps were asked for, by the app's id; empty for an agent that does not tell. */
export function useTraffic(serverId: string): ReadonlyMap<string, Traffic> {
  const apps = useServerStatus(serverId)?.apps ?? []
  return new Map(apps.map((traffic) => [traffic.app.id, traffic]))
}

/** What is wrong with a server, or soon will be; a sentence each. */
export function useServerProblems(serverId: string): string[] {
  const status = useServerStatus(serverId)
  const { problem = null } = status?.disk ?? {}
  return [...(problem === null ? [] : [`The disk ${problem}.`]), ...(status?.warnings ?? [])]
}

import type { Changes } from '../changes.ts'
import type { Servers } from './servers.ts'

/** For a connection that is only just being made. */
const patienceMs = 15_000

/**
 * Returns once a server is online. Waits for its first connection only: an outage is said at once, as HearthError
 * `unavailable` with its reason, and the next try begins behind the answer.
 */
export async function reachServer(servers: Servers, changes: Changes, serverId: string): Promise<void> {
  servers.connect(serverId)
  const deadline = AbortSignal.timeout(patienceMs)
  const isFirst = () => {
    const { connection } = servers.get(serverId)
    return connection.state === 'connecting' && connection.reason === null
  }
  while (isFirst() && !deadline.aborted) await nextServerChange(changes, deadline)
  if (servers.get(serverId).connection.state === 'offline') servers.reconnect(serverId)
  // Throws what is wrong with it.
  servers.agent(serverId)
}

function nextServerChange(changes: Changes, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      unsubscribe()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const unsubscribe = changes.subscribe(({ topic }) => topic === 'servers' && end())
    signal.addEventListener('abort', end)
  })
}

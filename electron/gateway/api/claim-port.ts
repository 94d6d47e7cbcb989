import { createHash } from 'node:crypto'
import type { Server } from 'node:net'
import type { ApiPort, ApiPorts } from '../../core/client/api-ports.ts'
import { listen } from '../listen.ts'

export interface ClaimOptions {
  readonly serverId: string
  readonly ports: ApiPorts
  /** Whether a port that is taken is taken by another program of ours that serves the same. */
  readonly isOurs: (port: number) => Promise<boolean>
}

/** `listening`: by this program. `elsewhere`: by another Hearth of the same user, which serves as well as we would. */
export type Claim = { readonly state: 'listening' | 'elsewhere'; readonly at: ApiPort }

/** Below the ports that systems give out for outgoing connections, so that none of those is in the way. */
const firstPort = 8_800
const lastPort = 9_799

/** Listens on a server's own port; finds another one only where a stranger has taken it. */
export async function claimPort(server: Server, options: ClaimOptions): Promise<Claim> {
  const { serverId, ports, isOurs } = options
  await ports.refresh()
  const own = ports.get(serverId)
  if (own && (await listen(server, own.port))) return { state: 'listening', at: own }
  if (own && (await isOurs(own.port))) return { state: 'elsewhere', at: own }
  const taken = ports.all.map(([, port]) => port)
  const port = await listenSomewhere(server, taken, ports.seed)
  const at = await ports.assign(serverId, port, own?.port ?? null)
  if (at.port === port) return { state: 'listening', at }
  // Another Hearth has chosen for the same server in the same moment: its choice was noted first.
  await new Promise<void>((resolve) => void server.close(() => resolve()))
  return claimPort(server, options)
}

/** Each desktop begins at another place, so that one which is away does not lose its ports to the next. */
async function listenSomewhere(server: Server, taken: readonly number[], seed: string): Promise<number> {
  const count = lastPort - firstPort + 1
  const start = createHash('sha256').update(seed).digest().readUInt32BE() % count
  for (let offset = 0; offset < count; offset += 1) {
    const port = firstPort + ((start + offset) % count)
    if (!taken.includes(port) && (await listen(server, port))) return port
  }
  throw new Error(`Every port of 127.0.0.1 from ${firstPort} to ${lastPort} is taken.`)
}

import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { BuildNetwork } from '../../core/ports/builds/build-network.ts'
import { renderResolvConf } from '../dynos/identity.ts'
import { namespacePath } from './app-network.ts'
import { buildSlot, type Destination } from './firewall.ts'
import type { ServerNetwork } from './server-network.ts'

/**
 * The network of builds, made or put right: behind the same bridge and firewall as dynos. `destinations` may be reached
 * though they be on the local network: the registry that this server is set up with, and what its operator names.
 */
export async function openBuildNetwork(
  network: ServerNetwork,
  destinations: readonly Destination[],
): Promise<BuildNetwork> {
  await network.allowBuilds((await Promise.all(destinations.map(resolve))).flat())
  await network.join(buildSlot)
  return { namespacePath: namespacePath(buildSlot), resolvConf: renderResolvConf(network.resolvers) }
}

/** A name that is unknown just now is not allowed; the build will say that it could not be reached. */
async function resolve({ host, port }: Destination): Promise<Destination[]> {
  const plain = host.replace(/^\[|\]$/g, '')
  if (isIP(plain) !== 0) return [{ host: plain, port }]
  const found = await lookup(plain, { all: true }).catch(() => [])
  return found.map(({ address }) => ({ host: address, port }))
}

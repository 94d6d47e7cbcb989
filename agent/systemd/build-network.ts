import { lookup } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import type { BuildNetwork } from '../core/ports/build-network.ts'
import { runCommand } from '../exec/command.ts'
import {
  addressOf,
  chooseNetworkPrefix,
  createAppNetwork,
  hasNetwork,
  namespacePath,
  openNetwork,
  readResolvers,
} from './app-network.ts'
import { buildSlot, type Destination, renderBuildDestinations } from './firewall.ts'
import { renderResolvConf } from './identity.ts'

/**
 * The network of builds, made or put right: behind the same bridge and firewall as dynos. `destinations` may be reached
 * though they be on the local network: the registry that this server is set up with, and what its operator names.
 */
export async function openBuildNetwork(destinations: readonly Destination[]): Promise<BuildNetwork> {
  const [prefix, resolvers] = [chooseNetworkPrefix(), await readResolvers()]
  if (!(await hasNetwork())) await openNetwork({ prefix, resolvers })
  await createAppNetwork(prefix, buildSlot)
  const input = renderBuildDestinations(
    addressOf(prefix, buildSlot),
    (await Promise.all(destinations.map(resolve))).flat(),
  )
  await runCommand(['nft', '-f', '-'], { input })
  return { namespacePath: namespacePath(buildSlot), resolvConf: renderResolvConf(resolvers) }
}

/** A name that is unknown just now is not allowed; the build will say that it could not be reached. */
async function resolve({ host, port }: Destination): Promise<Destination[]> {
  if (isIPv4(host)) return [{ host, port }]
  const found = await lookup(host, { family: 4, all: true }).catch(() => [])
  return found.map(({ address }) => ({ host: address, port }))
}

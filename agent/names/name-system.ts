import { Resolver } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { NameSystem } from '../core/ports/name-system.ts'

const timeoutMs = 2000
/** Dynos, containers and virtual machines behind this server: nobody else reaches it there. */
const innerNetworks = /^(hearth|docker|podman|br-|veth|virbr|cni|lxc)/
const noRecord = new Set(['ENOTFOUND', 'ENODATA'])

/** `known`: what the operator says; for a server behind a router that forwards its ports, the router's. */
export function openNameSystem(known: readonly string[]): NameSystem {
  return {
    addresses: () => (known.length > 0 ? known : ownAddresses()),
    async resolve(hostname, kind) {
      const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
      try {
        return (await resolver.resolve(hostname, kind)) as string[]
      } catch (error) {
        if (noRecord.has((error as NodeJS.ErrnoException).code ?? '')) return []
        throw error
      }
    },
  }
}

function ownAddresses(): string[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    innerNetworks.test(name)
      ? []
      : addresses.filter(({ internal, address }) => !internal && !address.startsWith('fe80:')),
  )
  return all.map(({ address }) => address).sort((a, b) => Number(isIPv4(b)) - Number(isIPv4(a)))
}

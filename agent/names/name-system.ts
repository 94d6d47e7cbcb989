import { Resolver } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { DefaultNames } from '../core/domains/default-names.ts'
import type { NameSystem } from '../core/ports/domains/name-system.ts'
import { MulticastNames } from './multicast-names.ts'

const timeoutMs = 2000
/** Dynos, containers and virtual machines behind this server: nobody else reaches it there. */
const innerNetworks = /^(hearth|docker|podman|br-|veth|virbr|cni|lxc)/
const noRecord = new Set(['ENOTFOUND', 'ENODATA'])

export interface NameOptions {
  /** What the operator says; for a server behind a router that forwards its ports, the router's. */
  readonly known: readonly string[]
  readonly choice: DefaultNames | null
  report(problem: string, cause: unknown): void
}

export function openNameSystem({ known, choice, report }: NameOptions): NameSystem & { close(): Promise<void> } {
  const local = new MulticastNames({ addresses: ownAddresses, report })
  return {
    choice,
    local,
    close: () => local.close(),
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

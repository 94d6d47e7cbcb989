import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'

type Callback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void

/**
 * Addresses that only the server itself has, or that mean no one machine. Where users name a place that the agent connects
 * to (a drain, a source's URL), they must not reach the server's loopback services, nor a cloud's metadata, in its name.
 * The local network is allowed: that is where a log server is.
 */
const guarded = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  guarded.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['::', 127],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  guarded.addSubnet(network, bits, 'ipv6')
}

export function isGuarded(address: string): boolean {
  const family = isIP(address)
  return family === 0 || guarded.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Looks a name up as a connection does, and leaves out what it must not lead to: the address used is the one checked. */
export function guardedLookup(hostname: string, options: LookupOptions, callback: Callback): void {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, [])
    const addresses = found.filter(({ address }) => !isGuarded(address))
    const [first] = addresses
    if (!first) return callback(refusal(hostname), [])
    if (options.all) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

export function refusal(host: string): NodeJS.ErrnoException {
  const message = `${host} is an address of the server itself or of no machine, which the agent does not connect to for others`
  return Object.assign(new Error(message), { code: 'EACCES' })
}

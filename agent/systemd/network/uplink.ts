import { readFile } from 'node:fs/promises'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

/** How this server reaches the Internet just now, and visitors reach it. */
export interface Uplink {
  /** The server's own addresses there, of both kinds: what visitors come to. */
  readonly addresses: readonly string[]
  readonly hasIpv6: boolean
  /** IPv6 networks of its links, `2001:db8:1::2/64`. Unlike those of IPv4 no address tells that somebody is a neighbour. */
  readonly neighbours: readonly string[]
}

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

export async function readUplink(): Promise<Uplink> {
  const read = (name: string) => readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')
  const [ipv4, ipv6] = [parseRoutes(await read('route')), parseIpv6Routes(await read('ipv6_route'))]
  return describeUplink({ ipv4, ipv6 }, networkInterfaces())
}

/** By the interfaces over which a default route leads. */
export function describeUplink(routes: { ipv4: readonly string[]; ipv6: readonly string[] }, all: Interfaces): Uplink {
  const of = (names: readonly string[], family: 'IPv4' | 'IPv6') =>
    names
      .flatMap((name) => all[name] ?? [])
      .filter((each) => each.family === family && !each.internal && !/^fe80:/i.test(each.address))
  const [ipv4, ipv6] = [of(routes.ipv4, 'IPv4'), of(routes.ipv6, 'IPv6')]
  return {
    addresses: [...new Set([...ipv4, ...ipv6].map(({ address }) => address))].sort(),
    hasIpv6: ipv6.length > 0,
    neighbours: [...new Set(ipv6.flatMap(({ cidr }) => (cidr && !cidr.endsWith('/128') ? [cidr] : [])))].sort(),
  }
}

/**
 * The interfaces of the default routes in /proc/net/route; flags and masks are hexadecimal, 1 is "up".
 *
 *     Iface  Destination  Gateway   Flags  RefCnt  Use  Metric  Mask      MTU  Window  IRTT
 *     eth0   00000000     0101A8C0  0003   0       0    100     00000000  0    0       0
 */
export function parseRoutes(text: string): string[] {
  return [...new Set(text.split('\n').flatMap((line) => readRoute(line.trim().split(/\s+/))))]
}

function readRoute([name = '', destination, , flags = '0', , , , mask]: string[]): string[] {
  const isDefault = destination === '00000000' && mask === '00000000' && (Number.parseInt(flags, 16) & 1) === 1
  return isDefault ? [name] : []
}

/**
 * The same of /proc/net/ipv6_route: destination, its bits, source, its bits, next hop, metric, counters, flags, interface.
 * Flag 0x200 refuses instead of leading anywhere.
 *
 *     00000000000000000000000000000000 00 0...0 00 fe80...01 00000400 00000001 00000000 00450003     eth0
 */
export function parseIpv6Routes(text: string): string[] {
  const found = text.split('\n').flatMap((line) => {
    const [destination, bits, , , , , , , flags = '0', name = ''] = line.trim().split(/\s+/)
    const isRefusal = (Number.parseInt(flags, 16) & 0x200) !== 0
    return /^0{32}$/.test(destination ?? '') && bits === '00' && !isRefusal && name !== 'lo' ? [name] : []
  })
  return [...new Set(found)]
}

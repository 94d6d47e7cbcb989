import { readFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'

/** Whom dynos and builds ask for names. */
export interface NameServers {
  /** For their resolv.conf. */
  readonly asked: readonly string[]
  /** What listens on the server's loopback interface alone, and is asked for them by a relay; null where nothing has to be. */
  readonly relayed: string | null
  /** Nothing listens there. */
  readonly isSilent: boolean
}

/**
 * The server's own name servers, by the file that names the real ones where systemd-resolved stands in between. What the server has on its
 * loopback interface is asked on the bridge: itself where it listens on all interfaces (Pi-hole, AdGuard Home), by a relay where not.
 */
export async function readNameServers(bridgeAddress: string): Promise<NameServers> {
  const read = (file: string) => readFile(file, 'utf8').catch(() => '')
  const own = await read('/etc/resolv.conf')
  for (const text of [await read('/run/systemd/resolve/resolv.conf'), own]) {
    const asked = parseNameServers(text).filter((address) => !isInner(address))
    if (asked.length > 0) return { asked, relayed: null, isSilent: false }
  }
  const listening = { udp: await read('/proc/self/net/udp'), udp6: await read('/proc/self/net/udp6') }
  const asked = [bridgeAddress]
  if (listensForNames(listening, bridgeAddress)) return { asked, relayed: null, isSilent: false }
  // Where the file names none that is the one: resolv.conf(5).
  const relayed = parseNameServers(own).find(isLoopback) ?? '127.0.0.1'
  return { asked, relayed, isSilent: isIPv4(relayed) && !listensForNames(listening, relayed) }
}

/** Those of a resolv.conf, in their order. */
export function parseNameServers(text: string): string[] {
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address = '']) => address)
}

const isLoopback = (address: string) => /^(127\.|::1$)/.test(address)
/** A dyno does not reach it: it is on the server's loopback interface or on one link only. */
export const isInner = (address: string) => isLoopback(address) || /^fe80:/i.test(address)

/**
 * Whether a program takes datagrams to port 53 (0035) of an address, by /proc/net/udp and udp6, which have a word's bytes backwards.
 *
 *       sl  local_address rem_address   st tx_queue rx_queue ...
 *      114: 0100D50A:0035 00000000:0000 07 00000000:00000000 ...
 */
export function listensForNames({ udp, udp6 }: { udp: string; udp6: string }, address: string): boolean {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))
  const own = bytes.reverse().join('').toUpperCase()
  const listens = (text: string, local: string) => new RegExp(`^\\s*\\d+: (${local}):0035 `, 'm').test(text)
  // One for all addresses of IPv6 takes what comes by IPv4 too, unless it was told otherwise.
  return listens(udp, `0{8}|${own}`) || listens(udp6, '0{32}')
}

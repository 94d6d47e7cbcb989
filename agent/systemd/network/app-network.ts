import { stat } from 'node:fs/promises'
import { runCommand } from '../../exec/command.ts'
import { bridge, ipv6Prefix } from './firewall.ts'
import { hasLink } from './links.ts'

/** An app's number on this server, from 2 up; its user and its addresses follow from it. */
export type Slot = number

export const namespaceFolder = '/run/netns'
export const namespaceName = (slot: Slot) => `hearth-${slot}`
export const namespacePath = (slot: Slot) => `${namespaceFolder}/${namespaceName(slot)}`
export const linkName = (slot: Slot) => `hearth-${slot}`

/** The number in a namespace's or a link's name, null where it is none of ours. */
export function slotOf(name: string): Slot | null {
  const [, digits] = /^hearth-(\d+)$/.exec(name) ?? []
  return digits === undefined ? null : Number(digits)
}

export function addressOf(prefix: string, slot: Slot): string {
  return `${prefix}.${slot >> 8}.${slot & 255}`
}

export function ipv6AddressOf(slot: Slot): string {
  return `${ipv6Prefix}::${slot.toString(16)}`
}

/** What `ip` is told to join a link to the bridge, by which it reaches no other app's. */
export function renderJoin(link: string): string {
  return `link set ${link} master ${bridge} up\nlink set ${link} type bridge_slave isolated on\n`
}

/** The network of one app: a namespace, joined to the bridge. IPv6 it has where the server's leads out. */
export async function createAppNetwork(prefix: string, slot: Slot, hasIpv6: boolean): Promise<void> {
  if ((await isThere(namespacePath(slot))) && (await hasLink(linkName(slot)))) return
  await destroyAppNetwork(slot)
  const [name, link] = [namespaceName(slot), linkName(slot)]
  await runCommand(['ip', 'netns', 'add', name])
  await runCommand(['ip', '-batch', '-'], {
    input: `link add ${link} type veth peer name eth0 netns ${name}\n${renderJoin(link)}`,
  })
  await runCommand(['ip', '-n', name, '-batch', '-'], { input: renderInside(prefix, slot) })
  if (hasIpv6) await switchIpv6(slot, true)
}

/**
 * An app's end of it. No other address is on its link, not even of those that IPv6 gives each link: the kernel keeps a thousand neighbours
 * for all namespaces together, and an app that looks for as many would leave the whole server without any.
 */
function renderInside(prefix: string, slot: Slot): string {
  const gate = `${prefix}.0.1`
  const commands = [
    'link set lo up',
    'link set eth0 addrgenmode none',
    `addr add ${addressOf(prefix, slot)}/32 dev eth0`,
    'link set eth0 up',
    `route add ${gate} dev eth0 scope link`,
    `route add default via ${gate}`,
  ]
  return `${commands.join('\n')}\n`
}

/** Without it there is no address either, so that programs don't wait for what leads nowhere. */
export async function switchIpv6(slot: Slot, isOn: boolean): Promise<void> {
  const [name, own, gate] = [namespaceName(slot), ipv6AddressOf(slot), ipv6AddressOf(1)]
  const [onLink, beyond] = [`${gate} dev eth0`, `default via ${gate} dev eth0`]
  const commands = isOn
    ? [`addr replace ${own}/128 dev eth0 nodad`, `route replace ${onLink}`, `route replace ${beyond}`]
    : [`route del ${beyond}`, `route del ${onLink}`, `addr del ${own}/128 dev eth0`]
  // 1: it has none, or the namespace is just being taken away.
  const options = { input: `${commands.join('\n')}\n`, expectedStatuses: [1] }
  if (isOn) await runCommand(['ip', 'netns', 'exec', name, 'nft', renderOwnSource(own)], { expectedStatuses: [255] })
  await runCommand(['ip', '-n', name, '-force', '-batch', '-'], options)
}

/**
 * Any program may send by IPv6 in the name of whom it likes (IPV6_FREEBIND), an app in another's; by IPv4 the kernel refuses it. Nothing is
 * sent without an address but what the kernel itself says of its groups.
 */
function renderOwnSource(own: string): string {
  const chain = 'chain ip6 hearth output'
  const head = `add table ip6 hearth; add ${chain} { type filter hook output priority filter; }; flush ${chain}`
  return `${head}; add rule ip6 hearth output oifname "eth0" ip6 saddr != { ${own}, :: } drop`
}

export async function destroyAppNetwork(slot: Slot): Promise<void> {
  if (await hasLink(linkName(slot))) await runCommand(['ip', 'link', 'delete', linkName(slot)])
  if (await isThere(namespacePath(slot))) await runCommand(['ip', 'netns', 'delete', namespaceName(slot)])
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

import { readFile, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { runCommand } from '../exec/command.ts'
import { bridge, type DynoNetwork, parseResolvers, renderFirewall } from './firewall.ts'

/** An app's number on this server, from 2 up; its user and its address follow from it. */
export type Slot = number

const candidatePrefixes = ['10.213', '10.214', '10.87', '10.166', '172.29', '172.30']

/** A /16 that this server's other networks don't touch; that of the bridge, where there is one. */
export function chooseNetworkPrefix(interfaces = networkInterfaces()): string {
  const prefixes = (name: string) =>
    interfaces[name]?.map(({ address }) => address.split('.').slice(0, 2).join('.')) ?? []
  const ours = prefixes(bridge).find((prefix) => /^\d+\.\d+$/.test(prefix))
  if (ours) return ours
  const taken = new Set(Object.keys(interfaces).flatMap(prefixes))
  return candidatePrefixes.find((prefix) => !taken.has(prefix)) ?? '10.213'
}

export const namespaceName = (slot: Slot) => `hearth-${slot}`
export const namespacePath = (slot: Slot) => `/run/netns/${namespaceName(slot)}`
const linkName = (slot: Slot) => `hearth-${slot}`

export function addressOf(prefix: string, slot: Slot): string {
  return `${prefix}.${slot >> 8}.${slot & 255}`
}

/** The name servers of this server, by the file that names the real ones where systemd-resolved stands in between. */
export async function readResolvers(): Promise<string[]> {
  const files = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf']
  for (const file of files) {
    const resolvers = parseResolvers(await readFile(file, 'utf8').catch(() => ''))
    if (resolvers.length > 0) return resolvers
  }
  return []
}

/** Makes the bridge and the rules, or makes them as they should be: after a reboot nothing of them is left. */
export async function openNetwork(network: DynoNetwork): Promise<void> {
  const create = (await hasLink(bridge)) ? '' : `link add ${bridge} type bridge\n`
  const commands = `${create}addr replace ${network.prefix}.0.1/16 dev ${bridge}\nlink set ${bridge} up\n`
  await runCommand(['ip', '-batch', '-'], { input: commands })
  await runCommand(['nft', '-f', '-'], { input: renderFirewall(network) })
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1\n')
}

/** Whether bridge and rules are there: a restart of the server's own firewall takes all rules away. */
export async function hasNetwork(): Promise<boolean> {
  if (!(await hasLink(bridge))) return false
  const { status } = await runCommand(['nft', 'list', 'set', 'inet', 'hearth', 'build_destinations'], {
    expectedStatuses: [1],
  })
  return status === 0
}

/** The network of one app: a namespace, joined to the bridge by a link that reaches no other app's. */
export async function createAppNetwork(prefix: string, slot: Slot): Promise<void> {
  if ((await isThere(namespacePath(slot))) && (await hasLink(linkName(slot)))) return
  await destroyAppNetwork(slot)
  const [name, link] = [namespaceName(slot), linkName(slot)]
  await runCommand(['ip', 'netns', 'add', name])
  const outside = [
    `link add ${link} type veth peer name eth0 netns ${name}`,
    `link set ${link} master ${bridge} up`,
    `link set ${link} type bridge_slave isolated on`,
  ]
  await runCommand(['ip', '-batch', '-'], { input: `${outside.join('\n')}\n` })
  const inside = [
    'link set lo up',
    `addr add ${addressOf(prefix, slot)}/16 dev eth0`,
    'link set eth0 up',
    `route add default via ${prefix}.0.1`,
  ]
  await runCommand(['ip', '-n', name, '-batch', '-'], { input: `${inside.join('\n')}\n` })
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

/** By our own network namespace; /sys shows that of whoever mounted it. */
async function hasLink(name: string): Promise<boolean> {
  const text = await readFile('/proc/self/net/dev', 'utf8')
  return text.split('\n').some((line) => line.trimStart().startsWith(`${name}:`))
}

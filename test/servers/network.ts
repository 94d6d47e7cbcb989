import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'
import { stateDir } from './state.ts'

/**
 * One bridge for all servers of this machine, a network namespace for each of them, and their way out by NAT in an
 * nftables table of our own. All of it goes with the last server.
 */
export const bridge = 'hts0'
const table = 'hearth_test_servers'
const networkFile = join(stateDir, 'network.json')
const forwardSwitch = '/proc/sys/net/ipv4/ip_forward'
const candidates = ['10.213.77', '10.177.213', '172.29.213', '192.168.213']

interface Network {
  /** The first three parts of every address. */
  prefix: string
  mtu: number
  /** What the host's forwarding switch was before us. */
  forwardBefore: string
}

export const netnsOf = (name: string): string => `hts-${name}`
export const vethOf = (slot: number): string => `hts-${slot}`

/** Call under the `machines` lock. */
export async function openNetwork(): Promise<Network> {
  const links = await run(['ip', '-json', 'link', 'show', bridge], { allowFailure: true })
  if (links.exitCode === 0 && existsSync(networkFile)) return JSON.parse(readFileSync(networkFile, 'utf8')) as Network
  await closeNetwork()
  const network = await plan()
  writeFileSync(networkFile, JSON.stringify(network))
  await run(['ip', 'link', 'add', bridge, 'address', hardwareAddress(0), 'type', 'bridge'])
  await run(['ip', 'link', 'set', bridge, 'mtu', String(network.mtu), 'up'])
  await run(['ip', 'addr', 'add', `${network.prefix}.1/24`, 'dev', bridge])
  await run(['nft', '--file', '-'], { input: renderNat(network.prefix) })
  writeFileSync(forwardSwitch, '1')
  return network
}

/** Call under the `machines` lock, when no server is left. */
export async function closeNetwork(): Promise<void> {
  if (existsSync(networkFile)) {
    const { forwardBefore } = JSON.parse(readFileSync(networkFile, 'utf8')) as Network
    writeFileSync(forwardSwitch, forwardBefore)
    rmSync(networkFile)
  }
  await run(['nft', 'delete', 'table', 'ip', table], { allowFailure: true })
  await run(['ip', 'link', 'delete', bridge], { allowFailure: true })
}

export function renderNat(prefix: string): string {
  return [
    `table ip ${table} {`,
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat; policy accept;',
    `    ip saddr ${prefix}.0/24 oifname != "${bridge}" masquerade`,
    '  }',
    '}',
    '',
  ].join('\n')
}

/**
 * One for each network address, for ever: a new machine with a former one's network address but another hardware address
 * is not found for most of a minute by those who knew the former. The bridge is slot 0; left to itself it would change its
 * own with every machine that comes or goes.
 */
function hardwareAddress(slot: number): string {
  return `02:48:54:00:00:${slot.toString(16).padStart(2, '0')}`
}

async function plan(): Promise<Network> {
  const { stdout } = await run(['ip', '-json', 'route', 'show', 'table', 'all'])
  const routes = JSON.parse(stdout) as { dst: string; dev?: string }[]
  const prefix = candidates.find((candidate) => !routes.some(({ dst }) => dst.startsWith(`${candidate}.`)))
  if (!prefix) throw new Error(`the networks ${candidates.join(', ')} are all in use on this machine`)
  const out = routes.find(({ dst }) => dst === 'default')?.dev
  // A larger packet than the way out can carry would have to be refused; some paths lose that refusal.
  const mtu = out ? Number(readFileSync(`/sys/class/net/${out}/mtu`, 'utf8')) : 1500
  return { prefix, mtu, forwardBefore: readFileSync(forwardSwitch, 'utf8').trim() }
}

export async function plugIn(machine: { name: string; slot: number; host: string }, network: Network): Promise<void> {
  const netns = netnsOf(machine.name)
  const veth = vethOf(machine.slot)
  const mtu = String(network.mtu)
  const inside = (...args: string[]) => run(['ip', '-n', netns, ...args])
  await run(['ip', 'netns', 'add', netns])
  const eth0 = ['name', 'eth0', 'mtu', mtu, 'address', hardwareAddress(machine.slot), 'netns', netns]
  await run(['ip', 'link', 'add', veth, 'mtu', mtu, 'type', 'veth', 'peer', ...eth0])
  await run(['ip', 'link', 'set', veth, 'master', bridge, 'up'])
  await inside('addr', 'add', `${machine.host}/24`, 'dev', 'eth0')
  await inside('link', 'set', 'lo', 'up')
  await inside('link', 'set', 'eth0', 'up')
  await inside('route', 'add', 'default', 'via', `${network.prefix}.1`)
}

/** Also finishes what an interrupted `plugIn` left. */
export async function unplug(name: string, slot: number): Promise<void> {
  await run(['ip', 'link', 'delete', vethOf(slot)], { allowFailure: true })
  await run(['ip', 'netns', 'delete', netnsOf(name)], { allowFailure: true })
}

export async function setLink(slot: number, state: 'up' | 'down'): Promise<void> {
  await run(['ip', 'link', 'set', vethOf(slot), state])
}

/** The servers ask the host's resolvers; one that listens on the host's loopback only can't be reached from them. */
export function resolvConf(): string {
  const text = readFileSync('/etc/resolv.conf', 'utf8')
  const upstream = '/run/systemd/resolve/resolv.conf'
  return /^nameserver\s+127\./m.test(text) && existsSync(upstream) ? readFileSync(upstream, 'utf8') : text
}

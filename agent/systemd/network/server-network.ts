import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import path from 'node:path'
import { runCommand } from '../../exec/command.ts'
import {
  addressOf,
  createAppNetwork,
  ipv6AddressOf,
  namespaceFolder,
  renderJoin,
  type Slot,
  slotOf,
  switchIpv6,
} from './app-network.ts'
import { bridge, buildSlot, type Destination, renderFirewall } from './firewall.ts'
import { forwardIpv6 } from './ipv6-forwarding.ts'
import { listLinks } from './links.ts'
import { keepNameRelay, relayPort } from './name-relay-unit.ts'
import { type NameServers, readNameServers } from './name-servers.ts'
import { passesOf, passOtherFirewalls } from './other-firewalls.ts'
import { readUplink, type Uplink } from './uplink.ts'

const lookAgainMs = 10_000
const candidatePrefixes = ['10.213', '10.214', '10.87', '10.166', '172.29', '172.30']

interface Applied {
  readonly rules: string
  /** As the kernel lists them: what was changed since looks different. */
  readonly listing: string
  readonly hasIpv6: boolean
}

/**
 * The bridge behind which dynos and builds are, with its rules. An operator's firewall that begins with `flush ruleset`
 * takes them away, a router may bring IPv6 later than the agent starts: it is looked at again and again, and before each dyno
 * and build, and made as it should be.
 */
export class ServerNetwork {
  readonly #rulesFile: string
  readonly #note: (message: string) => void
  #prefix = ''
  #names: NameServers = { asked: [], relayed: null, isSilent: false }
  /** Whom the relay asks; undefined as long as nobody has looked whether there is one. */
  #relayed: string | null | undefined
  #buildDestinations: readonly Destination[] = []
  /** A kernel of somebody's own may lack the module (CONFIG_NFT_CONNLIMIT). */
  #countsConnections = true
  #applied: Applied | null = null
  /** What could not be done for the network at the last look, by what it was for. */
  readonly #failures = new Map<string, string>()
  #turn: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined

  /** `folder` is on a file system that a reboot empties, and root's alone. */
  constructor({ folder, note }: { folder: string; note: (message: string) => void }) {
    this.#rulesFile = path.join(folder, 'firewall.nft')
    this.#note = note
  }

  /** Of the dynos' network, `10.213` of 10.213.0.0/16. */
  get prefix(): string {
    return this.#prefix
  }

  /** Name servers that dynos can ask. */
  get resolvers(): readonly string[] {
    return this.#names.asked
  }

  /** What keeps dynos and builds from names or from the Internet, in sentences for the screen; empty when nothing does. */
  get problems(): string {
    const { isSilent, relayed } = this.#names
    const silent = isSilent
      ? [`Dynos and builds find no names: no program answers this server's name server ${relayed}.`]
      : []
    const uncounted = this.#countsConnections ? [] : ["This server's kernel does not bound the connections of one app."]
    return [...silent, ...uncounted, ...this.#failures.values()].map((sentence) => ` ${sentence}`).join('')
  }

  async open(): Promise<void> {
    this.#prefix = chooseNetworkPrefix()
    await mkdir(path.dirname(this.#rulesFile), { recursive: true })
    await this.ensure()
    const look = async () => {
      await this.#attempt("The dynos' network is not as it should be", () => this.ensure())
      await this.#attempt('Dynos and builds may find no names', () => this.#relayNames())
      await this.#attempt('Another firewall may keep dynos and builds from the Internet', () => this.#passOthers())
    }
    await look()
    this.#timer = setInterval(() => void look(), lookAgainMs).unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#turn
  }

  /** Resolves when bridge and rules are as they should be; one look that has not begun does for all who ask. */
  ensure(): Promise<void> {
    this.#next ??= this.#turn.then(() => {
      this.#next = null
      return this.#ensure()
    })
    const result = this.#next
    this.#turn = result.catch(() => {})
    return result
  }

  /** What fails is told once, here and on the screen, until it goes well. */
  async #attempt(failure: string, act: () => Promise<void>): Promise<void> {
    try {
      await act()
      this.#failures.delete(failure)
    } catch (error) {
      const sentence = `${failure}: ${(error as Error).message.replace(/\.?$/, '.')}`
      if (this.#failures.get(failure) !== sentence) this.#note(sentence)
      this.#failures.set(failure, sentence)
    }
  }

  /** Where none is needed an agent before this one may have had one. */
  async #relayNames(): Promise<void> {
    const { relayed } = this.#names
    if (relayed === null && this.#relayed === null) return
    await keepNameRelay({ prefix: this.#prefix, to: relayed })
    this.#relayed = relayed
  }

  async #passOthers(): Promise<void> {
    const ownAddress = addressOf(this.#prefix, 1)
    const port = this.#names.relayed === null ? 53 : relayPort
    for (const name of await passOtherFirewalls(passesOf(this.resolvers.includes(ownAddress) ? port : null)))
      this.#note(
        `Another firewall of this server (${name}) refuses what nobody allowed: it lets dynos and builds pass now.`,
      )
  }

  /** From now on builds may reach these besides. */
  async allowBuilds(destinations: readonly Destination[]): Promise<void> {
    this.#buildDestinations = destinations
    await this.ensure()
  }

  /** Joins an app's network namespace, or that of builds, to the bridge; makes it where there is none. */
  async join(slot: Slot): Promise<void> {
    await createAppNetwork(this.#prefix, slot, this.#applied?.hasIpv6 ?? false)
  }

  async #ensure(): Promise<void> {
    const [uplink, links] = await Promise.all([readUplink(), listLinks()])
    this.#names = await readNameServers(addressOf(this.#prefix, 1))
    let rules = await this.#render(uplink)
    const before = this.#applied
    const isBridged = links.includes(bridge)
    const isWhole = isBridged && before !== null && (await listRules()) === before.listing
    if (isWhole && before.rules === rules && before.hasIpv6 === uplink.hasIpv6) return
    if (before && !isWhole)
      this.#note('The firewall rules of dynos and builds were changed or gone, and are put right.')
    if (!isBridged) await this.#createBridge(links)
    await this.#load(rules).catch(async () => {
      this.#countsConnections = false
      rules = await this.#render(uplink)
      await this.#load(rules)
    })
    await writeFile('/proc/sys/net/ipv4/ip_forward', '1\n')
    if (before?.hasIpv6 !== uplink.hasIpv6) await switchAll(uplink.hasIpv6)
    this.#applied = { rules, listing: await listRules(), hasIpv6: uplink.hasIpv6 }
  }

  async #render(uplink: Uplink): Promise<string> {
    const { asked, relayed } = this.#names
    return renderFirewall({
      prefix: this.#prefix,
      resolvers: asked,
      relayPort: relayed === null ? null : relayPort,
      uplink,
      maximumConnections: this.#countsConnections ? await readMaximumConnections() : null,
      buildAddresses: [addressOf(this.#prefix, buildSlot), ipv6AddressOf(buildSlot)],
      buildDestinations: this.#buildDestinations,
    })
  }

  async #load(rules: string): Promise<void> {
    // By a file: nft 1.0.9, of Ubuntu 24.04, takes none from the socket that a standard input of ours is.
    await writeFile(this.#rulesFile, rules, { mode: 0o600 })
    await runCommand(['nft', '-f', this.#rulesFile])
  }

  /** After a reboot there is none; of apps' links that lost theirs each is joined to the new one. */
  async #createBridge(links: readonly string[]): Promise<void> {
    const create = [`link add ${bridge} type bridge`, `addr replace ${this.#prefix}.0.1/16 dev ${bridge}`]
    const joins = links.filter((link) => slotOf(link) !== null).map(renderJoin)
    const commands = `${create.join('\n')}\nlink set ${bridge} up\n${joins.join('')}`
    await runCommand(['ip', '-batch', '-'], { input: commands })
  }
}

/** For the bridge and all namespaces that there are. */
async function switchAll(isOn: boolean): Promise<void> {
  if (isOn) {
    await runCommand(['ip', 'addr', 'replace', `${ipv6AddressOf(1)}/64`, 'dev', bridge, 'nodad'])
    await forwardIpv6()
  }
  const names = await readdir(namespaceFolder).catch(() => [])
  for (const slot of names.map(slotOf)) if (slot !== null) await switchIpv6(slot, isOn)
}

/** A quarter of what the kernel keeps in all; of more than this it would take too long to count them for each new one. */
async function readMaximumConnections(): Promise<number> {
  const text = await readFile('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8').catch(() => '')
  return Math.min(16_384, Math.floor((Number(text) || 65_536) / 4))
}

/** Empty where they are not. Without the sets in which the kernel itself notes who has connections. */
async function listRules(): Promise<string> {
  const list = ['nft', '--stateless', 'list', 'table', 'inet', 'hearth'] as const
  const { stdout } = await runCommand(list, { expectedStatuses: [1] })
  return stdout.replace(/^\tset connections6? \{[\s\S]*?^\t\}\n/gm, '')
}

/** A /16 that this server's other networks don't touch; that of the bridge, where there is one. */
export function chooseNetworkPrefix(interfaces = networkInterfaces()): string {
  const prefixes = (name: string) =>
    interfaces[name]?.map(({ address }) => address.split('.').slice(0, 2).join('.')) ?? []
  const ours = prefixes(bridge).find((prefix) => /^\d+\.\d+$/.test(prefix))
  if (ours) return ours
  const taken = new Set(Object.keys(interfaces).flatMap(prefixes))
  return candidatePrefixes.find((prefix) => !taken.has(prefix)) ?? '10.213'
}

import { isIPv6 } from 'node:net'
import type { Uplink } from './uplink.ts'

export const bridge = 'hearth0'

/** Above all apps' numbers; builds run one at a time and share it. */
export const buildSlot = 65_500

/** A place that builds may reach on the local network: an address and a port of TCP. */
export interface Destination {
  readonly host: string
  readonly port: number
}

/** What the rules depend on. */
export interface FirewallFacts {
  /** `10.213` of 10.213.0.0/16, the dynos' network: the bridge has the first address, each app one of the others. */
  readonly prefix: string
  /** Name servers that dynos may ask, though they be on the local network or on this server. */
  readonly resolvers: readonly string[]
  /** To which port of the bridge's address questions for names are sent; null where they go where they are asked. */
  readonly relayPort: number | null
  readonly uplink: Uplink
  /** Connections that one app may have under way at once, UDP's among them; null where this kernel does not count them. */
  readonly maximumConnections: number | null
  /** The builds' own addresses, and what these may reach beyond the rules for all. */
  readonly buildAddresses: readonly string[]
  readonly buildDestinations: readonly Destination[]
}

/** The dynos' network of IPv6: below fd00::/8, which nobody routes. It spells "hearth". */
export const ipv6Prefix = 'fd68:6561:7274:68'

/**
 * Addresses that nobody routes (where clouds tell a machine its secrets, 192.0.0.192 among them), and that at which Azure does, the only
 * such one that looks public: https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const localNetworks = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10', '192.0.0.0/24'],
  '168.63.129.16/32',
]

/** The same as a network of IPv6 alone reaches them, where it has a translator: RFC 6052, and RFC 8215 for its own. */
const localNetworks6 = ['fc00::/7', 'fe80::/10', '64:ff9b:1::/48', ...localNetworks.map(translate)]

/** `10.0.0.0/8` becomes `64:ff9b::a00:0/104`. */
function translate(network: string): string {
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = network.split(/[./]/).map(Number)
  return `64:ff9b::${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}/${96 + bits}`
}

/**
 * What dynos and builds may reach: the Internet, the name servers, and this server's own HTTP(S) on the addresses that any
 * visitor comes to. Not each other, not the server, not the local network. The first two lines make loading it again replace
 * it at once, without a moment in between.
 */
export function renderFirewall(facts: FirewallFacts): string {
  const { prefix, resolvers, relayPort, uplink } = facts
  const from = `iifname "${bridge}"`
  const ports = relayPort === null ? '53' : `{ 53, ${relayPort} }`
  const toResolvers = matchAddresses(resolvers).map(
    (match) => `${from} ${match} meta l4proto { tcp, udp } th dport ${ports}`,
  )
  const toWeb = matchAddresses(uplink.addresses).map((match) => `${from} ${match} tcp dport { 80, 443 }`)
  const toNeighbours = uplink.neighbours.map((network) => `${from} ip6 daddr ${network}`)
  const lines = (rules: readonly string[], verdict: string) => rules.map((rule) => `    ${rule} ${verdict}\n`).join('')
  return `table inet hearth
delete table inet hearth
table inet hearth {
${renderDestinations(facts)}${renderEntry(facts)}${renderRelay(facts)}  chain input {
    type filter hook input priority filter; policy accept;
    ${from} ct state established,related accept
    ip saddr . ip daddr . tcp dport @build_destinations accept
    ip6 saddr . ip6 daddr . tcp dport @build_destinations6 accept
${lines([...toResolvers, ...toWeb], 'accept')}    ${from} icmp type echo-request accept
    ${from} icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, echo-request } accept
    ${from} reject with icmpx admin-prohibited
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ${from} oifname "${bridge}" drop
    ct state established,related accept
    oifname "${bridge}" drop
    ${from} tcp flags syn tcp option maxseg size set rt mtu
${lines(toResolvers, 'accept')}    ip saddr . ip daddr . tcp dport @build_destinations accept
    ip6 saddr . ip6 daddr . tcp dport @build_destinations6 accept
    ${from} ip daddr { ${localNetworks.join(', ')} } reject with icmpx admin-prohibited
    ${from} ip6 daddr { ${localNetworks6.join(', ')} } reject with icmpx admin-prohibited
${lines(toNeighbours, 'reject with icmpx admin-prohibited')}  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr ${prefix}.0.0/16 oifname != "${bridge}" masquerade
    ip6 saddr ${ipv6Prefix}::/64 oifname != "${bridge}" masquerade
  }
}
`
}

/**
 * Before anything else is asked: nothing goes from the dynos' network to itself but to its gate, nor is a dyno told (by a redirection) that
 * another is its neighbour. And the kernel's table of connections is one for the server: an app that fills it would leave nobody else any,
 * visitors and sshd among them.
 */
function renderEntry({ prefix, maximumConnections }: FirewallFacts): string {
  const kinds = [
    { word: 'ip', type: 'ipv4_addr', network: `${prefix}.0.0/16`, gate: `${prefix}.0.1`, name: 'connections' },
    { word: 'ip6', type: 'ipv6_addr', network: `${ipv6Prefix}::/64`, gate: `${ipv6Prefix}::1`, name: 'connections6' },
  ]
  const counted = maximumConnections === null ? [] : kinds
  const sets = counted.map(({ name, type }) => `  set ${name} {\n    type ${type}\n    flags dynamic\n  }\n`)
  const inner = kinds.map(({ word, network, gate }) => `${word} daddr ${network} ${word} daddr != ${gate} drop`)
  const bounds = counted.map(
    ({ name, word }) => `ct state new add @${name} { ${word} saddr ct count over ${maximumConnections} } drop`,
  )
  const rules = [...inner, ...bounds].map((rule) => `    iifname "${bridge}" ${rule}\n`)
  const head = '    type filter hook prerouting priority filter; policy accept;\n'
  return `${sets.join('')}  chain entry {\n${head}${rules.join('')}  }\n`
}

function renderRelay({ prefix, relayPort }: FirewallFacts): string {
  if (relayPort === null) return ''
  const asked = ['udp', 'tcp'].map((protocol) => `iifname "${bridge}" ip daddr ${prefix}.0.1 ${protocol} dport 53`)
  const rules = asked.map((match) => `    ${match} redirect to :${relayPort}\n`).join('')
  return `  chain prerouting {\n    type nat hook prerouting priority dstnat;\n${rules}  }\n`
}

function renderDestinations({ buildAddresses, buildDestinations }: FirewallFacts): string {
  const sets = [
    { name: 'build_destinations', type: 'ipv4_addr', isIpv6: false },
    { name: 'build_destinations6', type: 'ipv6_addr', isIpv6: true },
  ]
  return sets
    .map(({ name, type, isIpv6 }) => {
      const [source] = buildAddresses.filter((address) => isIPv6(address) === isIpv6)
      const allowed = buildDestinations.filter(({ host }) => isIPv6(host) === isIpv6)
      const elements = new Set(allowed.map(({ host, port }) => `${source} . ${host} . ${port}`))
      const list = source && elements.size > 0 ? `    elements = { ${[...elements].sort().join(', ')} }\n` : ''
      return `  set ${name} {\n    type ${type} . ${type} . inet_service\n${list}  }\n`
    })
    .join('')
}

function matchAddresses(addresses: readonly string[]): string[] {
  const match = (word: string, of: readonly string[]) => (of.length > 0 ? [`${word} daddr { ${of.join(', ')} }`] : [])
  return [
    ...match(
      'ip',
      addresses.filter((address) => !isIPv6(address)),
    ),
    ...match('ip6', addresses.filter(isIPv6)),
  ]
}

export const bridge = 'hearth0'

/** The dynos' own network: the bridge has the first address, each app one of the others. */
export interface DynoNetwork {
  /** `10.213` of 10.213.0.0/16. */
  readonly prefix: string
  /** Name servers that dynos may ask, though they be on the local network. */
  readonly resolvers: readonly string[]
}

/** Above all apps' numbers; builds run one at a time and share it. */
export const buildSlot = 65_500

/** A place that builds may reach on the local network. */
export interface Destination {
  readonly host: string
  readonly port: number
}

const privateRanges = '{ 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, 100.64.0.0/10 }'

/**
 * What dynos may reach: the internet, the name servers, and this server's own HTTP(S), which any visitor reaches too. Not
 * each other, not the server, not the local network. The first two lines make loading it again replace it at once.
 */
export function renderFirewall({ prefix, resolvers }: DynoNetwork): string {
  const [v4, v6] = [resolvers.filter((address) => !address.includes(':')), resolvers.filter((a) => a.includes(':'))]
  const resolverRules = [
    ...(v4.length > 0 ? [`ip daddr { ${v4.join(', ')} }`] : []),
    ...(v6.length > 0 ? [`ip6 daddr { ${v6.join(', ')} }`] : []),
  ].map((match) => `    iifname "${bridge}" ${match} meta l4proto { tcp, udp } th dport 53 accept\n`)
  return `table inet hearth
delete table inet hearth
table inet hearth {
  set build_destinations {
    type ipv4_addr . ipv4_addr . inet_service
  }
  chain input {
    type filter hook input priority filter; policy accept;
    iifname "${bridge}" ct state established,related accept
    ip saddr . ip daddr . tcp dport @build_destinations accept
    iifname "${bridge}" tcp dport { 80, 443 } accept
    iifname "${bridge}" icmp type echo-request accept
    iifname "${bridge}" reject with icmpx admin-prohibited
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname "${bridge}" oifname "${bridge}" drop
    ct state established,related accept
    oifname "${bridge}" drop
    iifname "${bridge}" tcp flags syn tcp option maxseg size set rt mtu
${resolverRules.join('')}    ip saddr . ip daddr . tcp dport @build_destinations accept
    iifname "${bridge}" ip daddr ${privateRanges} reject with icmpx admin-prohibited
    iifname "${bridge}" ip6 daddr { fc00::/7, fe80::/10 } reject with icmpx admin-prohibited
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr ${prefix}.0.0/16 oifname != "${bridge}" masquerade
  }
}
`
}

/** Replaces what the build with that address may reach beyond the rules for all. */
export function renderBuildDestinations(source: string, destinations: readonly Destination[]): string {
  const elements = new Set(destinations.map(({ host, port }) => `${source} . ${host} . ${port}`))
  const add = elements.size > 0 ? `add element inet hearth build_destinations { ${[...elements].join(', ')} }\n` : ''
  return `flush set inet hearth build_destinations\n${add}`
}

/** The name servers of a resolv.conf that a dyno can reach: those on the loopback interface are the server's own. */
export function parseResolvers(text: string): string[] {
  return text
    .split('\n')
    .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1])
    .filter((address): address is string => address !== undefined && !/^(127\.|::1$)/.test(address))
}

import type { DomainDns } from '../../contract/domains/domain.ts'

/** What the DNS says of a host name. */
export interface FoundRecords {
  readonly a: readonly string[]
  readonly aaaa: readonly string[]
  readonly cname: readonly string[]
}

export interface DomainCheck {
  readonly hostname: string
  /** The server's. */
  readonly addresses: readonly string[]
  /** Null: nobody could be asked. */
  readonly found: FoundRecords | null
}

/**
 * Where a domain's record leads to, as one word: the name that the app has by itself where that is in everybody's DNS, for a CNAME, else an
 * address of the server's. Null of a server that has none.
 */
export function dnsTarget(defaultNames: readonly string[], addresses: readonly string[]): string | null {
  const names = defaultNames.filter((name) => !/\.local(host)?$/.test(name))
  return names[0] ?? reachable(addresses)[0] ?? null
}

/** What the DNS should say of a domain, what it says, and what to do about the difference. */
export function checkDomain({ hostname, addresses, found }: DomainCheck): DomainDns {
  const advised = reachable(addresses)
  const expected = advised.map((address) => `${hostname} ${kindOf(address)} ${address}`)
  if (found === null) {
    return {
      state: 'unknown',
      expected,
      found: [],
      message: 'The DNS could not be asked. It is asked again in a minute.',
    }
  }
  const all = [...found.a, ...found.aaaa]
  const said = [
    ...found.cname.map((name) => `${hostname} CNAME ${name}`),
    ...all.map((address) => `${hostname} ${kindOf(address)} ${address}`),
  ]
  const alias = found.cname[0] ?? null
  const judged = all.length === 0 ? missing(alias, advised) : judge(all, addresses)
  return { expected, found: said, ...judged }
}

type Judged = Pick<DomainDns, 'state' | 'message'>

/** Where a server has a public address, one of the same kind on a network behind it is no help to visitors. */
function reachable(addresses: readonly string[]): readonly string[] {
  const known = new Set(addresses.filter((address) => !isPrivate(address)).map(kindOf))
  return addresses.filter((address) => !isPrivate(address) || !known.has(kindOf(address)))
}

function missing(alias: string | null, advised: readonly string[]): Judged {
  const what =
    alias === null ? 'Nothing leads to this server yet.' : `It is another name for ${alias}, which has no address.`
  const record = `a record for ${advised.join(' or ') || "this server's address"} where you manage the domain`
  return { state: 'missing', message: `${what} ${alias === null ? 'Add' : 'Put in its place'} ${record}.` }
}

function judge(found: readonly string[], addresses: readonly string[]): Judged {
  const own = new Set(addresses.map(normalize))
  const others = found.filter((address) => !own.has(normalize(address)))
  if (others.length === 0) return { state: 'ok', message: null }
  if (others.length < found.length) {
    return {
      state: 'partly',
      message: `Some visitors are led to ${others.join(', ')}, which is not this server. Remove those records.`,
    }
  }
  const isHidden = addresses.every(isPrivate) && !others.every(isPrivate)
  return {
    state: 'elsewhere',
    message: isHidden
      ? `It leads to ${others.join(', ')}. That is right if a router there forwards its ports to this server; say so with HEARTH_ADDRESSES.`
      : `It leads to ${others.join(', ')}, and this server is ${reachable(addresses).join(', ')}. Change the record where you manage the domain.`,
  }
}

const kindOf = (address: string): 'A' | 'AAAA' => (address.includes(':') ? 'AAAA' : 'A')

/** `2001:db8::0:1` and `2001:db8::1` are the same. */
function normalize(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]`).hostname : address
}

/** Reached only from the same network (RFC 1918, 6598, 3927, 4193). */
export function isPrivate(address: string): boolean {
  if (address.includes(':')) return /^f[cd]/i.test(address)
  return /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|127)\./.test(address)
}

import { BlockList, isIP } from 'node:net'

export interface ProxyOptions {
  /** Addresses and networks: `192.168.1.2`, `10.0.0.0/8`, `fd00::/8`. */
  readonly trusted: readonly string[]
  /** They begin each connection with a PROXY header (version 1 or 2). */
  readonly protocol: boolean
}

/** Those in front of the router whose word on where a request comes from is taken. */
export class Proxies {
  readonly protocol: boolean
  private readonly list = new BlockList()
  private readonly isEmpty: boolean

  /** Throws for what is no address. */
  constructor({ trusted, protocol }: ProxyOptions) {
    this.protocol = protocol && trusted.length > 0
    this.isEmpty = trusted.length === 0
    for (const place of trusted) {
      const [address = '', length] = place.split('/')
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      if (length === undefined) this.list.addAddress(address, family)
      else this.list.addSubnet(address, Number(length), family)
    }
  }

  trusts(address: string): boolean {
    return !this.isEmpty && this.list.check(address, address.includes(':') ? 'ipv6' : 'ipv4')
  }
}

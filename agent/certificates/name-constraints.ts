/** `2.5.29.30` (RFC 5280, 4.2.1.10): what a certificate authority may speak for at all. */
export const nameConstraintsId = '2.5.29.30'

export interface NameConstraints {
  /** Domains with all below them: `local` allows `blog.local`. */
  readonly domains: readonly string[]
  /** Networks: `10.0.0.0/8`, `fc00::/7`. */
  readonly networks: readonly string[]
}

/** The extension's DER, with all that is allowed. */
export function renderNameConstraints({ domains, networks }: NameConstraints): Uint8Array<ArrayBuffer> {
  const bases = [...domains.map((domain) => encode(0x82, Buffer.from(domain))), ...networks.map(renderNetwork)]
  return new Uint8Array(encode(0x30, encode(0xa0, Buffer.concat(bases.map((base) => encode(0x30, base))))))
}

/** Address and mask, one after the other. */
function renderNetwork(network: string): Buffer {
  const [address = '', length = ''] = network.split('/')
  const bytes = addressBytes(address)
  const mask = Buffer.alloc(bytes.length)
  for (let bit = 0; bit < Number(length); bit++) mask[bit >> 3] = (mask[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return encode(0x87, Buffer.concat([bytes, mask]))
}

function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

/** One value of DER. */
function encode(tag: number, content: Uint8Array): Buffer {
  const { length } = content
  const header =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(header), content])
}

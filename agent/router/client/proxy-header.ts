import { isIP } from 'node:net'

/** Whom a proxy speaks for; null: for itself (a health check), or for somebody whom it can't name. */
export interface ProxyHeader {
  readonly address: string | null
  /** How much of the bytes it takes. */
  readonly length: number
}

/** `more`: it is not whole yet. `none`: this is no PROXY header. */
export type ProxyHeaderRead = ProxyHeader | 'more' | 'none'

const v2Signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const v2HeaderBytes = 16
const v1MaxBytes = 107
/** More than all addresses and a handful of extras; what is longer is no proxy of ours. */
export const proxyHeaderMaxBytes = 1024

const v1Line =
  /^PROXY (?:(UNKNOWN)(?: [^\r]*)?|TCP([46]) ([0-9a-fA-F:.]{2,45}) [0-9a-fA-F:.]{2,45} \d{1,5} \d{1,5})\r\n/

/** Reads what HAProxy's PROXY protocol (1 and 2) puts before a connection's own bytes. */
export function readProxyHeader(bytes: Buffer): ProxyHeaderRead {
  if (bytes.length === 0) return 'more'
  return bytes[0] === v2Signature[0] ? readV2(bytes) : readV1(bytes)
}

function readV1(bytes: Buffer): ProxyHeaderRead {
  const text = bytes.toString('latin1', 0, v1MaxBytes)
  if (!'PROXY '.startsWith(text.slice(0, 6))) return 'none'
  const end = text.indexOf('\r\n')
  if (end < 0) return bytes.length < v1MaxBytes ? 'more' : 'none'
  const match = v1Line.exec(text)
  if (!match) return 'none'
  const address = match[3] ?? null
  if (address !== null && isIP(address) !== Number(match[2])) return 'none'
  return { address, length: end + 2 }
}

function readV2(bytes: Buffer): ProxyHeaderRead {
  const known = Math.min(bytes.length, v2Signature.length)
  if (!bytes.subarray(0, known).equals(v2Signature.subarray(0, known))) return 'none'
  if (bytes.length < v2HeaderBytes) return 'more'
  const length = v2HeaderBytes + bytes.readUInt16BE(14)
  const command = bytes.readUInt8(12)
  if (command >> 4 !== 2 || (command & 0xf) > 1 || length > proxyHeaderMaxBytes) return 'none'
  if (bytes.length < length) return 'more'
  if ((command & 0xf) === 0) return { address: null, length }
  switch (bytes.readUInt8(13) >> 4) {
    case 1:
      return length < v2HeaderBytes + 12 ? 'none' : { address: bytes.subarray(16, 20).join('.'), length }
    case 2:
      return length < v2HeaderBytes + 36 ? 'none' : { address: ipv6(bytes.subarray(16, 32)), length }
    default:
      return { address: null, length }
  }
}

/** In the short form of RFC 5952, as sockets give theirs. */
function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

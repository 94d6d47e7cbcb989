/** `2.5.29.30` (RFC 5280, 4.2.1.10): what a certificate authority may speak for at all. */
export const nameConstraintsId = '2.5.29.30'

/** localhost, 127.0.0.0/8 and ::1 as the extension's DER. Nothing but this computer. */
export function renderLoopbackConstraints(): Uint8Array<ArrayBuffer> {
  const dnsName = encode(0x82, Buffer.from('localhost'))
  const ipv4 = encode(0x87, Buffer.from([127, 0, 0, 0, 255, 0, 0, 0]))
  const ipv6 = encode(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1]), Buffer.alloc(16, 255)]))
  const subtrees = [dnsName, ipv4, ipv6].map((base) => encode(0x30, base))
  return new Uint8Array(encode(0x30, encode(0xa0, Buffer.concat(subtrees))))
}

/** One value; all of ours are shorter than 128 bytes, so the length is one byte. */
function encode(tag: number, content: Uint8Array): Buffer {
  if (content.length > 127) throw new RangeError('Longer than one byte can say.')
  return Buffer.concat([Buffer.from([tag, content.length]), content])
}

import { createHash } from 'node:crypto'
import { HearthError } from '../contract/errors.ts'
import type { PublicKey } from '../core/ports/access/login-keys.ts'

/** What sshd takes; certificates and DSA are left out. */
const types = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
])
const leastRsaBits = 2048

/** `ssh-ed25519 AAAAC3... me@laptop`, as in a `.pub` file. Options before it, or a second line, make it something else. */
export function parsePublicKey(text: string): PublicKey {
  const line = text.trim()
  const [type = '', given = '', ...comment] = line.split(/[ \t]+/)
  const bytes = Buffer.from(given, 'base64')
  const fields = readFields(bytes)
  const isWhole = /^[A-Za-z0-9+/]{40,}={0,2}$/.test(given) && fields?.[0]?.toString('latin1') === type
  if (/[\n\r]/.test(line) || !types.has(type) || !isWhole) {
    throw new HearthError(
      'invalid_params',
      'That is not a public SSH key: it should be one line such as "ssh-ed25519 AAAA... name".',
    )
  }
  if (type === 'ssh-rsa' && rsaBits(fields?.[2]) < leastRsaBits) {
    throw new HearthError(
      'invalid_params',
      `RSA keys need ${leastRsaBits} bits; make a key with "ssh-keygen -t ed25519".`,
    )
  }
  const blob = bytes.toString('base64')
  return { id: keyId(blob), type, blob, comment: cleanComment(comment.join(' ')) }
}

export function keyId(blob: string): string {
  return createHash('sha256').update(Buffer.from(blob, 'base64')).digest('hex').slice(0, 16)
}

/** The blob's fields, each behind its length in 32 bits (RFC 4253, 6.6); null when they do not add up. */
function readFields(bytes: Buffer): Buffer[] | null {
  const fields: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY
    if (at + 4 + length > bytes.length) return null
    fields.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return fields
}

/** A positive number has a zero byte in front when its first bit is set. */
function rsaBits(modulus: Buffer | undefined): number {
  const digits = modulus?.toString('hex').replace(/^0+/, '') ?? ''
  return digits.length * 4
}

/** One line without control, format and line separator characters: it stands in a file and on screens. */
function cleanComment(comment: string): string {
  return comment
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, 100)
}

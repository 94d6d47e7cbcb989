import { createHash } from 'node:crypto'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { HostKey } from '../ports/transport.ts'

/** `SHA256:...` as ssh shows it: base64 without padding. */
export function fingerprintOf(key: HostKey): string {
  const digest = createHash('sha256').update(Buffer.from(key.blob, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

/** A key's blob begins with its type as a length-prefixed string. */
export function parseHostKeyBlob(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0
  const type = blob.subarray(4, 4 + length).toString('latin1')
  if (!/^[a-z0-9@.-]{3,64}$/.test(type)) {
    throw new HearthError('unavailable', 'The host showed something that is not an SSH host key.')
  }
  return { type, blob: blob.toString('base64') }
}

export function isTrusted(key: HostKey, trusted: readonly HostKey[]): boolean {
  return trusted.some(({ blob }) => blob === key.blob)
}

/** A known_hosts line: `name type blob`. */
export function renderKnownHost(name: string, key: HostKey): string {
  return `${name} ${key.type} ${key.blob}\n`
}

/** The keys in a known_hosts file: `name type blob` a line, `#` comments. */
export function parseKnownHosts(text: string): HostKey[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const [, type, blob] = line.split(' ')
      return type && blob ? [{ type, blob }] : []
    })
}

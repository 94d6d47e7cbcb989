import { generateKeyPairSync } from 'node:crypto'

/** A new key as a `.pub` file has it. */
export function makePublicKey(comment: string): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const blob = Buffer.concat([sshField('ssh-ed25519'), sshField(Buffer.from(x, 'base64url'))])
  return `ssh-ed25519 ${blob.toString('base64')} ${comment}`.trimEnd()
}

/** Behind its length in 32 bits. */
export function sshField(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

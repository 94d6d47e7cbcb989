import type { Algorithms } from 'ssh2'

/**
 * Fixed, so that all platforms negotiate the same: Electron's BoringSSL has no chacha20, and naming a cipher that is not
 * there throws. AES-GCM is also the fastest. Host keys known for a server go first: a host that was trusted by its RSA
 * key must not look changed because it would rather show another.
 */
export function chooseAlgorithms(trustedTypes: readonly string[]): Algorithms {
  const preferred = trustedTypes.flatMap((type) => (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type]))
  return {
    kex: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group18-sha512',
      'diffie-hellman-group14-sha256',
    ],
    cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
    serverHostKey: [...new Set([...preferred, ...hostKeyTypes])] as NonNullable<Algorithms['serverHostKey']> & [],
    hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
    compress: ['none'],
  }
}

const hostKeyTypes = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

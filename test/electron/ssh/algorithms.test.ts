import { expect, test } from 'vitest'
import { chooseAlgorithms } from '../../../electron/ssh/algorithms.ts'

test('nothing is offered that BoringSSL lacks or that is broken', () => {
  const all = Object.values(chooseAlgorithms([])).flat().map(String)
  expect(all.filter((name) => /chacha|3des|cbc|arcfour|md5|sha1($|-|@)|dss|umac/.test(name))).toEqual([])
  expect(all).not.toContain('ssh-rsa')
})

test('the whole list is fixed', () => {
  expect(chooseAlgorithms([])).toMatchInlineSnapshot(`
    {
      "cipher": [
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "aes128-ctr",
        "aes192-ctr",
        "aes256-ctr",
      ],
      "compress": [
        "none",
      ],
      "hmac": [
        "hmac-sha2-256-etm@openssh.com",
        "hmac-sha2-512-etm@openssh.com",
        "hmac-sha2-256",
        "hmac-sha2-512",
      ],
      "kex": [
        "curve25519-sha256",
        "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521",
        "diffie-hellman-group16-sha512",
        "diffie-hellman-group18-sha512",
        "diffie-hellman-group14-sha256",
      ],
      "serverHostKey": [
        "ssh-ed25519",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "rsa-sha2-512",
        "rsa-sha2-256",
      ],
    }
  `)
})

test('the types that a host is known by are asked for first', () => {
  expect(chooseAlgorithms(['ssh-rsa']).serverHostKey).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
  ])
})

import { generateKeyPairSync } from 'node:crypto'
import ssh2 from 'ssh2'
import { expect, test, vi } from 'vitest'
import { makeKeyPair } from '../../../electron/ssh/desktop-key.ts'

test('every key that is made can be read again', () => {
  for (let index = 0; index < 500; index++) {
    const { private: secret, public: shown } = makeKeyPair('ann@laptop')
    const key = ssh2.utils.parseKey(secret)
    expect(key).not.toBeInstanceOf(Error)
    expect(shown).toMatch(/^ssh-ed25519 \S+ ann@laptop/)
  }
})

test('a key that is malformed is thrown away', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const generate = vi.spyOn(ssh2.utils, 'generateKeyPairSync')
  generate.mockReturnValueOnce({ private: `${pem.slice(0, 60)}`, public: 'ssh-ed25519 AAAA' })
  expect(makeKeyPair('ann@laptop').public).not.toBe('ssh-ed25519 AAAA')
  generate.mockRestore()
})

import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeKeyPair, openDesktopKey } from '../../../electron/ssh/desktop-key.ts'

test('programs that start at once for the first time have one key, whose halves fit', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-key-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'ssh', 'id_ed25519')
  const opened = await Promise.all([1, 2, 3, 4].map(() => openDesktopKey(path)))
  const key = ssh2.utils.parseKey(await readFile(path))
  if (key instanceof Error) throw key
  const [type, blob, comment] = (await readFile(`${path}.pub`, 'utf8')).trim().split(' ')
  expect([type, blob]).toEqual(['ssh-ed25519', key.getPublicSSH().toString('base64')])
  expect(comment).toMatch(/^\S+@\S+$/)
  expect(new Set(opened.map(({ publicKey }) => publicKey))).toEqual(new Set([`${type} ${blob} ${comment}`]))
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

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

import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readPublicKey, readPublicKeyFile } from '../../../../electron/core/access/public-key.ts'
import { makePublicKey } from '../../../agent/access/public-keys.ts'

const key = makePublicKey('ann@laptop')
const { privateKey } = generateKeyPairSync('ed25519')

test('takes what a .pub file has, however it was pasted', () => {
  for (const text of [key, `${key}\n`, `\n  ${key}  \r\n`, `# mine\n${key}\n`]) expect(readPublicKey(text)).toBe(key)
})

test.each([
  [
    'as OpenSSH writes it',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----',
  ],
  ['as OpenSSL writes it', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ['of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none'],
  ['beside a public one', `${key}\n-----BEGIN OPENSSH PRIVATE KEY-----`],
])('never sends a private key: %s', (_, text) => {
  expect(() => readPublicKey(text)).toThrow('private key; it stays where it is')
})

test.each(['', 'hello', 'ann@laptop', `${key}\n${key}`, 'command="x" ssh-ed25519 AAAA'])('refuses %j', (text) => {
  expect(() => readPublicKey(text)).toThrow('not a public SSH key')
})

test('reads a file, says that there is none, and reads no large ones', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-public-key-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'id.pub'), `${key}\n`)
  await writeFile(join(folder, 'film.pub'), 'x'.repeat(20_000))
  expect(await readPublicKeyFile(join(folder, 'id.pub'))).toBe(key)
  await expect(readPublicKeyFile(join(folder, 'film.pub'))).rejects.toThrow('too large')
  await expect(readPublicKeyFile(join(folder, 'nothing'))).rejects.toThrow('There is no file')
})

import { createPublicKey, verify } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keyFiles, openKeys } from '../../../agent/access/keys.ts'
import { mintToken, readToken, tokenValidMs } from '../../../agent/access/token.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('keys are made once, readable by their owner alone', async () => {
  const first = await openKeys(join(folder, 'keys'))
  const second = await openKeys(join(folder, 'keys'))
  expect(second.signer.publicKey).toBe(first.signer.publicKey)
  expect(second.configKey).toEqual(first.configKey)
  expect(first.configKey).toHaveLength(32)
  for (const name of Object.values(keyFiles)) {
    expect((await stat(join(folder, 'keys', name))).mode & 0o777).toBe(0o600)
  }
})

test('two starts at the same moment agree on the keys', async () => {
  const opened = await Promise.all(Array.from({ length: 8 }, () => openKeys(folder)))
  expect(new Set(opened.map((keys) => keys.signer.publicKey)).size).toBe(1)
  expect(new Set(opened.map((keys) => Buffer.from(keys.mintKey).toString('hex'))).size).toBe(1)
})

test('what is signed verifies with the public key that the server shows', async () => {
  const { signer } = await openKeys(folder)
  const key = createPublicKey({ key: Buffer.from(signer.publicKey, 'base64'), format: 'der', type: 'spki' })
  expect(verify(null, Buffer.from('link'), key, Buffer.from(signer.sign(Buffer.from('link')), 'base64'))).toBe(true)
})

test('a token names its owner until it expires', () => {
  const key = Buffer.alloc(32, 1)
  const owner = { id: 'f2b5', email: 'ann@laptop' }
  const { token, expiresAt } = mintToken(key, owner, 1000)
  expect(readToken(key, token, 1000)).toEqual(owner)
  expect(Date.parse(expiresAt)).toBe(1000 + tokenValidMs)
  expect(readToken(key, token, 1000 + tokenValidMs)).toBeNull()
})

test('a forged, cut or foreign token names nobody', () => {
  const key = Buffer.alloc(32, 1)
  const { token } = mintToken(key, { id: 'a', email: 'b' }, 0)
  const foreign = mintToken(Buffer.alloc(32, 2), { id: 'a', email: 'b' }, 0).token
  for (const bad of ['', '.', 'x.y', `${token}.z`, token.slice(1), token.slice(0, -2), foreign]) {
    expect(readToken(key, bad, 0)).toBeNull()
  }
})

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LedgerKeys, type Vault } from '../../../../electron/core/ledger/ledger-keys.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-ledger-keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = (vault: Vault | null = null, obstacle: string | null = null) =>
  LedgerKeys.open({
    keyFile: join(folder, 'ledger.key'),
    passphraseFile: join(folder, 'passphrase.json'),
    found: { vault, obstacle },
  })

const turn = (text: string) => [...text].reverse().join('')

/** Turns a text around: enough to see that what is on the disk went through it. */
const vault: Vault = {
  seal: async (text) => Buffer.from(turn(text)),
  unseal: async (sealed) => ({ text: turn(Buffer.from(sealed).toString()), isStale: false }),
}

async function filesHold(text: string): Promise<boolean> {
  const contents = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
  return contents.some((content) => content.includes(text))
}

test('without anything better the key is a file', async () => {
  const keys = await open()
  expect(keys.kind).toBe('file')
  expect(keys.isLocked).toBe(false)
  expect(await (await open()).key()).toEqual(await keys.key())
})

test('a key in a file says why it is not in the operating system’s key store', async () => {
  expect((await open(null, 'There is no key store.')).description).toMatch(
    /only your account.*There is no key store\.$/,
  )
})

test('a passphrase set later guards the same key, and its plain file is gone', async () => {
  const keys = await open()
  const key = await keys.key()
  await keys.unlock('correct horse battery')
  expect(keys.kind).toBe('passphrase')
  expect(await filesHold(Buffer.from(key).toString('base64'))).toBe(false)

  const later = await open()
  expect(later.isLocked).toBe(true)
  await expect(later.key()).rejects.toThrow('locked')
  await expect(later.unlock('wrong horse battery')).rejects.toThrow('not the passphrase')
  await later.unlock('correct horse battery')
  expect(await later.key()).toEqual(key)
})

test('where the operating system keeps keys, the key moves there', async () => {
  const key = await (await open()).key()
  const keys = await open(vault)
  expect(keys.kind).toBe('operating-system')
  expect(await keys.key()).toEqual(key)
  expect(await filesHold(Buffer.from(key).toString('base64'))).toBe(false)
  expect(await (await open(vault)).key()).toEqual(key)
})

test('a key that its store wants sealed anew is, and stays the same key', async () => {
  const key = await (await open(vault)).key()
  const newer: Vault = {
    seal: async (text) => Buffer.from(`2${text}`),
    unseal: async (sealed) => {
      const text = Buffer.from(sealed).toString()
      return text.startsWith('2') ? { text: text.slice(1), isStale: false } : { text: turn(text), isStale: true }
    },
  }
  expect(await (await open(newer)).key()).toEqual(key)
  expect(await readFile(join(folder, 'ledger.key.vault'), 'utf8')).toMatch(/^2/)
  expect(await (await open(newer)).key()).toEqual(key)
})

test('a store that does not seal anew still opens the key', async () => {
  const key = await (await open(vault)).key()
  const weary: Vault = {
    seal: () => Promise.reject(new Error('busy')),
    unseal: async (sealed) => ({ ...(await vault.unseal(sealed)), isStale: true }),
  }
  expect(await (await open(weary)).key()).toEqual(key)
})

test('a shell without the operating system’s key store finds the key locked, and makes no other', async () => {
  const key = await (await open(vault)).key()
  const keys = await open()
  expect(keys.kind).toBe('operating-system')
  expect(keys.isLocked).toBe(true)
  await expect(keys.key()).rejects.toThrow('locked')
  await expect(keys.unlock('correct horse battery')).rejects.toThrow("Open Hearth's window")
  expect(await (await open(vault)).key()).toEqual(key)
})

test('a key store that refuses keeps the config vars shut and says so; a new key is left to the file', async () => {
  const key = await (await open(vault)).key()
  const refusing: Vault = {
    seal: () => Promise.reject(new Error('the keychain is locked')),
    unseal: () => Promise.reject(new Error('the keychain is locked')),
  }
  const keys = await open(refusing)
  expect(keys.isLocked).toBe(true)
  expect(keys.description).toContain('the keychain is locked')
  expect(await (await open(vault)).key()).toEqual(key)

  await rm(join(folder, 'ledger.key.vault'))
  expect(await open(refusing)).toMatchObject({ kind: 'file', isLocked: false })
})

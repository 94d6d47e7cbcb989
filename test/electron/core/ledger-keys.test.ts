import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LedgerKeys, type Vault } from '../../../electron/core/ledger/ledger-keys.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-ledger-keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = (vault: Vault | null = null) =>
  LedgerKeys.open({ keyFile: join(folder, 'ledger.key'), passphraseFile: join(folder, 'passphrase.json'), vault })

/** Turns a text around: enough to see that what is on the disk went through it. */
const vault: Vault = {
  seal: async (text) => Buffer.from([...text].reverse().join('')),
  unseal: async (sealed) => [...Buffer.from(sealed).toString()].reverse().join(''),
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

test('a shell without the operating system’s key store finds the key locked, and makes no other', async () => {
  await open(vault)
  const keys = await open()
  expect(keys.kind).toBe('operating-system')
  expect(keys.isLocked).toBe(true)
  await expect(keys.key()).rejects.toThrow('locked')
})

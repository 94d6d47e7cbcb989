import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LedgerKeys } from '../../../electron/core/ledger/ledger-keys.ts'

// Electron's key store can't run here: a stub with its asynchronous API, that encrypts for real and can rotate its key.
const store = vi.hoisted(() => ({
  backend: 'gnome_libsecret' as string,
  isAvailable: true,
  keys: [] as Buffer[],
  seal: undefined as unknown as (text: string) => Promise<Buffer>,
}))

store.seal = async (text) => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', store.keys[0] as Buffer, nonce)
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

vi.mock('electron', () => ({
  safeStorage: {
    getSelectedStorageBackend: () => store.backend,
    isAsyncEncryptionAvailable: async () => store.isAvailable,
    encryptStringAsync: (text: string) => store.seal(text),
    async decryptStringAsync(sealed: Buffer) {
      for (const [index, key] of store.keys.entries()) {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(-16))
        try {
          const result = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString()
          return { result, shouldReEncrypt: index > 0 }
        } catch {
          // Another of its keys may open it.
        }
      }
      throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.')
    },
  },
}))

const { openVault } = await import('../../../electron/shell/vault.ts')

let folder: string
beforeEach(async () => {
  Object.assign(store, { backend: 'gnome_libsecret', isAvailable: true, keys: [randomBytes(32)] })
  folder = await mkdtemp(join(tmpdir(), 'hearth-vault-'))
})
afterEach(() => rm(folder, { recursive: true }))

const openKeys = async () =>
  LedgerKeys.open({
    keyFile: join(folder, 'ledger.key'),
    passphraseFile: join(folder, 'passphrase.json'),
    found: await openVault(),
  })

describe('with a key store of the operating system', () => {
  test('the ledger’s key is kept by it, found again, and nowhere in clear', async () => {
    const key = await (await openKeys()).key()
    const again = await openKeys()
    expect(again.kind).toBe('operating-system')
    expect(await again.key()).toEqual(key)
    expect(await readdir(folder)).toEqual(['ledger.key.vault'])
    expect(await readFile(join(folder, 'ledger.key.vault'), 'latin1')).not.toContain(
      Buffer.from(key).toString('base64'),
    )
  })

  test('a store with a new key of its own gets the ledger’s key sealed with that one', async () => {
    const key = await (await openKeys()).key()
    store.keys.unshift(randomBytes(32))
    expect(await (await openKeys()).key()).toEqual(key)
    store.keys.pop()
    expect(await (await openKeys()).key()).toEqual(key)
  })

  test.runIf(process.platform !== 'win32')('the file that the store sealed is for its owner alone', async () => {
    await openKeys()
    expect((await stat(join(folder, 'ledger.key.vault'))).mode & 0o777).toBe(0o600)
    store.keys.unshift(randomBytes(32))
    await openKeys()
    expect((await stat(join(folder, 'ledger.key.vault'))).mode & 0o777).toBe(0o600)
  })

  test('a store that lost its key leaves the ledger’s locked, and the reason is said', async () => {
    await openKeys()
    store.keys = [randomBytes(32)]
    await expectLocked(await openKeys())
  })

  test.each([
    ['cut off', (sealed: Buffer) => sealed.subarray(0, 40)],
    ['empty', () => Buffer.alloc(0)],
    [
      'another byte in it',
      (sealed: Buffer) => Buffer.concat([sealed.subarray(0, 20), Buffer.from('x'), sealed.subarray(21)]),
    ],
    // Stores that encrypt without a checksum open damaged files too, to something.
    ['not the key', () => store.seal('bm8ga2V5')],
    ['nearly the key', () => store.seal(`${'A'.repeat(43)}!`)],
  ])('a damaged file (%s) leaves the key locked as it is, and makes no other', async (_, damage) => {
    const key = await (await openKeys()).key()
    const file = join(folder, 'ledger.key.vault')
    const sealed = await readFile(file)
    const damaged = await damage(sealed)
    await writeFile(file, damaged)
    await expectLocked(await openKeys())
    expect(await readdir(folder)).toEqual(['ledger.key.vault'])
    expect(await readFile(file)).toEqual(damaged)
    await writeFile(file, sealed)
    expect(await (await openKeys()).key()).toEqual(key)
  })

  test.each([
    ['is gone', { isAvailable: false }],
    ['is the session’s that protects nothing', { backend: 'basic_text' }],
  ])('when the store %s later the key stays locked, and no other is made', async (_, change) => {
    const key = await (await openKeys()).key()
    Object.assign(store, change)
    const keys = await openKeys()
    expect(keys.isLocked).toBe(true)
    await expect(keys.key()).rejects.toThrow("only Hearth's window opens")
    expect(await readdir(folder)).toEqual(['ledger.key.vault'])
    Object.assign(store, { isAvailable: true, backend: 'gnome_libsecret' })
    expect(await (await openKeys()).key()).toEqual(key)
  })

  async function expectLocked(keys: LedgerKeys): Promise<void> {
    expect(keys.isLocked).toBe(true)
    expect(keys.description).toContain('does not open the key now')
    await expect(keys.key()).rejects.toThrow('The ledger is locked')
  }
})

describe.runIf(process.platform === 'linux')('on a Linux without one', () => {
  test.each(['basic_text', 'unknown'])(
    'the backend %s is not taken for a key store, and that is explained',
    async (backend) => {
      store.backend = backend
      const keys = await openKeys()
      expect(keys.kind).toBe('file')
      expect(keys.description).toContain("GNOME's keyring or KWallet")
      expect(await readdir(folder)).toEqual(['ledger.key'])
    },
  )
})

test('a key store that does not answer is not used, and that is said', async () => {
  store.isAvailable = false
  const keys = await openKeys()
  expect(keys.kind).toBe('file')
  expect(keys.description).toContain('does not answer')
})

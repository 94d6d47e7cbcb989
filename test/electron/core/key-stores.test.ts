import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FileKeyStore } from '../../../electron/core/ledger/file-key-store.ts'
import { PassphraseKeyStore } from '../../../electron/core/ledger/passphrase-key-store.ts'

let path: string
const cheap = { N: 1 << 14, r: 8, p: 1 }

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'hearth-keys-')), 'key')
})
afterEach(() => rm(join(path, '..'), { recursive: true, force: true }))

describe('a key in a file', () => {
  test('is made once, for its owner alone', async () => {
    const keys = await Promise.all([new FileKeyStore(path).key(), new FileKeyStore(path).key()])
    expect(keys[0]).toEqual(keys[1])
    expect(keys[0]).toHaveLength(32)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('is refused when others may read it', async () => {
    await new FileKeyStore(path).key()
    await chmod(path, 0o644)
    await expect(new FileKeyStore(path).key()).rejects.toThrow(`chmod 600 '${path}'`)
  })

  test('is never replaced when it is damaged', async () => {
    await writeFile(path, 'short', { mode: 0o600 })
    await expect(new FileKeyStore(path).key()).rejects.toThrow('does not hold a key')
    expect(await readFile(path, 'utf8')).toBe('short')
  })
})

describe('a key from a passphrase', () => {
  test('is the same after each unlock and stored nowhere', async () => {
    const first = new PassphraseKeyStore(path, cheap)
    expect(first.isLocked).toBe(true)
    await expect(first.key()).rejects.toThrow('locked')
    await first.unlock('correct horse battery')
    const key = await first.key()
    const later = new PassphraseKeyStore(path)
    await later.unlock('correct horse battery')
    expect(await later.key()).toEqual(key)
    const stored = await readFile(path, 'utf8')
    expect(stored).not.toContain(Buffer.from(key).toString('base64'))
    expect(stored).not.toContain('horse')
  })

  test('stays locked after a wrong passphrase, and refuses a short one', async () => {
    await expect(new PassphraseKeyStore(path, cheap).unlock('short')).rejects.toThrow('at least 8')
    await new PassphraseKeyStore(path, cheap).unlock('correct horse battery')
    const store = new PassphraseKeyStore(path)
    await expect(store.unlock('incorrect horse')).rejects.toThrow('not the passphrase')
    expect(store.isLocked).toBe(true)
  })

  test('takes the same words however their characters were typed', async () => {
    await new PassphraseKeyStore(path, cheap).unlock('caf\u00e9 au lait')
    await new PassphraseKeyStore(path).unlock('cafe\u0301 au lait')
  })
})

import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HearthError } from '../../../agent/contract/errors.ts'
import { type ReleaseLink, renderReleaseLink } from '../../../agent/contract/releases/release.ts'
import { configDigest, Ledger, type LedgerSource } from '../../../electron/core/ledger/ledger.ts'
import type { LedgerStore } from '../../../electron/core/ledger/ledger-store.ts'
import { openLedgerFile } from '../../../electron/sqlite/ledger-file.ts'

const appId = randomUUID()
const serverId = randomUUID()
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

let folder: string
let store: LedgerStore
let ledger: Ledger
let links: ReleaseLink[]
let shownKey: string
let appName: string
const configVars = { TOKEN: 'hunter2' }
const slugFile = { size: 3, sha256: 'a'.repeat(64), executable: false, files: 1 }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-ledger-'))
  store = openLedgerFile(join(folder, 'ledger.db'))
  ledger = new Ledger(store, keysOf(false))
  links = []
  shownKey = spki
  appName = 'blog'
})
afterEach(async () => {
  store.close()
  await rm(folder, { recursive: true })
})

const secret = randomBytes(32)
function keysOf(isLocked: boolean) {
  return { kind: 'file' as const, description: '', isLocked, unlock: async () => {}, key: async () => secret }
}

function release(description: string, changes: Partial<ReleaseLink> = {}): ReleaseLink {
  const version = links.length + 1
  const link = {
    app_id: appId,
    version,
    release_id: randomUUID(),
    description,
    user: 'ann@laptop',
    created_at: new Date(Date.UTC(2026, 0, version)).toISOString(),
    slug_id: null,
    slug_checksum: null,
    commit: `c0ffee${version}`,
    config_digest: configDigest('salt', configVars),
    config_salt: 'salt',
    previous_hash: links.at(-1)?.hash ?? '0'.repeat(64),
    ...changes,
  }
  const hash = createHash('sha256').update(renderReleaseLink(link)).digest()
  return { ...link, hash: hash.toString('hex'), signature: sign(null, hash, privateKey).toString('base64') }
}

function source(): LedgerSource {
  return {
    server: { id: serverId, name: 'box', publicKey: shownKey },
    listApps: async () => [{ id: appId, name: appName }],
    listReleaseLinks: async () => links,
    getReleaseConfigVars: async () => configVars,
    listSlugFiles: async (_, slug) => ({ files: [{ ...slugFile, path: `${slug}.js` }], left_out: 0 }),
  }
}

const all = { limit: 100 }
const kinds = () => ledger.findings().map(({ kind }) => kind)

test('releases are copied once, verified, newest first, with the names of then and now', async () => {
  links.push(release('Initial release'), { ...release('x'), version: 0 })
  links.pop()
  links.push(release('Deploy c0ffee2'))
  expect(await ledger.sync(source())).toBe(true)
  expect(await ledger.sync(source())).toBe(false)
  appName = 'journal'
  await ledger.sync(source())
  expect(ledger.list(all)).toMatchObject([
    { serverName: 'box', appName: 'journal', verified: true, link: { version: 2 } },
    { appName: 'journal', verified: true, link: { version: 1 } },
  ])
  expect(ledger.findings()).toEqual([])
})

test('one app is found by its id and by its newest name, however many releases others made since', async () => {
  links.push(release('Initial release'))
  await ledger.sync(source())
  const other = { ...release('Deploy'), app_id: randomUUID(), created_at: new Date(Date.UTC(2027, 0, 1)).toISOString() }
  store.append(serverId, [other])
  for (const app of [appId, 'blog']) {
    expect(store.list({ app, limit: 1 })).toMatchObject([{ appName: 'blog', link: { description: 'Initial release' } }])
  }
  expect(store.list({ app: 'shop', limit: 1 })).toEqual([])
})

test('what a new release’s slug holds is copied at once and stays, also when the server has removed the slug', async () => {
  const checksum = `SHA256:${'1'.repeat(64)}`
  links.push(release('Deploy c0ffee1', { slug_id: 'slug-1', slug_checksum: checksum }))
  links.push(release('Deploy c0ffee2', { slug_id: 'slug-2', slug_checksum: `SHA256:${'2'.repeat(64)}` }))
  const removed = async (_: string, slug: string) => {
    if (slug === 'slug-2') throw new HearthError('not_found', 'removed')
    return source().listSlugFiles(appId, slug)
  }
  await ledger.sync({ ...source(), listSlugFiles: removed })
  expect(ledger.slugFiles(serverId, checksum)).toEqual({ files: [{ ...slugFile, path: 'slug-1.js' }], left_out: 0 })
  expect(ledger.slugFiles(serverId, `SHA256:${'2'.repeat(64)}`)).toBeNull()
  ledger.keepSlugFiles(serverId, checksum, { files: [], left_out: 0 })
  expect(ledger.slugFiles(serverId, checksum)?.files).toHaveLength(1)
})

test('a note is found by its words, stays with its release, and can only be added to', async () => {
  links.push(release('Initial release'))
  links.push(release('Deploy c0ffee2'))
  await ledger.sync(source())
  ledger.addNote({ serverId, appId, version: 2, text: '  broke the 100% discount\n' })
  ledger.addNote({ serverId, appId, version: 2, text: 'mended by v3' })
  expect(ledger.notes().map(({ version, text }) => [version, text])).toEqual([
    [2, 'broke the 100% discount'],
    [2, 'mended by v3'],
  ])
  expect(ledger.list({ search: '100%', limit: 9 })).toMatchObject([{ link: { version: 2 } }])
  const database = new Database(join(folder, 'ledger.db'))
  expect(() => database.exec("UPDATE notes SET text = ''")).toThrow('the ledger only grows')
  expect(() => database.exec('DELETE FROM notes')).toThrow('the ledger only grows')
  database.close()
})

test('an empty note and one as long as a book are refused', () => {
  const place = { serverId, appId, version: 1 }
  expect(() => ledger.addNote({ ...place, text: ' \n ' })).toThrow('A note has 1 to 2000 characters')
  expect(() => ledger.addNote({ ...place, text: 'x'.repeat(2001) })).toThrow('and this one 2001')
  expect(ledger.notes()).toEqual([])
})

test('config vars are kept encrypted and readable with the key alone', async () => {
  links.push(release('Set TOKEN config vars'))
  await ledger.sync(source())
  expect(await ledger.configVars(serverId, appId, 1)).toEqual(configVars)
  for (const name of ['ledger.db', 'ledger.db-wal']) {
    expect((await readFile(join(folder, name))).includes('hunter2')).toBe(false)
  }
})

test('config vars that were missed while the key store was locked follow at the next sync', async () => {
  links.push(release('Set TOKEN config vars'))
  await new Ledger(store, keysOf(true)).sync(source())
  await expect(ledger.configVars(serverId, appId, 1)).rejects.toThrow('no config vars')
  await ledger.sync(source())
  expect(await ledger.configVars(serverId, appId, 1)).toEqual(configVars)
})

test('two that copy the same release at once, as the desktop and a command do, keep it once', async () => {
  links.push(release('Deploy abc'))
  const second = openLedgerFile(join(folder, 'ledger.db'))
  await Promise.all([ledger.sync(source()), new Ledger(second, keysOf(false)).sync(source()), ledger.sync(source())])
  second.close()
  expect(ledger.list({ limit: 9 })).toHaveLength(1)
  expect(ledger.findings()).toEqual([])
})

test('nothing that was written can be changed or removed', () => {
  store.append(serverId, [release('Initial release')])
  store.noteName('app', appId, 'blog')
  const direct = new Database(join(folder, 'ledger.db'))
  for (const sql of ['UPDATE links SET user = 1', 'DELETE FROM links', 'DELETE FROM names']) {
    expect(() => direct.exec(sql)).toThrow('the ledger only grows')
  }
  direct.close()
})

test('a gap is shown and what comes after it is not accepted', async () => {
  links.push(release('one'))
  await ledger.sync(source())
  links.push(release('two'), release('three', { version: 3 }))
  links.splice(1, 1)
  await ledger.sync(source())
  expect(kinds()).toEqual(['gap'])
  expect(store.links(serverId, appId)).toHaveLength(1)
})

test('a server that tells another history than before is shown as a fork, once', async () => {
  links.push(release('one'), release('two'))
  links[1] = release('two', { version: 2, previous_hash: links[0]?.hash ?? '' })
  await ledger.sync(source())
  links[1] = release('another two', { version: 2, previous_hash: links[0]?.hash ?? '' })
  await ledger.sync(source())
  await ledger.sync(source())
  expect(kinds()).toEqual(['fork'])
  expect(ledger.list(all)[0]).toMatchObject({ verified: false, link: { description: 'two' } })
})

test('a server that forgot a release is shown as a rewrite', async () => {
  links.push(release('one'))
  await ledger.sync(source())
  links = []
  await ledger.sync(source())
  expect(kinds()).toEqual(['rewrite'])
})

test('a link with a forged signature or content is not accepted', async () => {
  links.push({ ...release('one'), description: 'forged' })
  await ledger.sync(source())
  expect(kinds()).toEqual(['bad-signature'])
  expect(store.links(serverId, appId)).toEqual([])
})

test('a server that signs with another key than at first is shown', async () => {
  links.push(release('one'))
  await ledger.sync(source())
  shownKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  await ledger.sync(source())
  expect(kinds()).toEqual(['key-changed'])
  expect(ledger.list(all)[0]?.verified).toBe(true)
})

test('config vars that are not those of the release are shown and not kept', async () => {
  links.push(release('one', { config_digest: configDigest('salt', { TOKEN: 'other' }) }))
  await ledger.sync(source())
  expect(kinds()).toEqual(['rewrite'])
  await expect(ledger.configVars(serverId, appId, 1)).rejects.toThrow()
})

test('search looks in app, description, user and commit, and takes signs literally', async () => {
  links.push(release('Deploy c0ffee1'))
  links.push(release('100% done'))
  await ledger.sync(source())
  const versions = (search: string) => ledger.list({ search, limit: 9 }).map(({ link }) => link.version)
  expect(versions('blog')).toEqual([2, 1])
  expect(versions('c0ffee2')).toEqual([2])
  expect(versions('0%')).toEqual([2])
  expect(versions('nobody')).toEqual([])
})

test('a ledger of a newer Hearth is refused and left as it is', () => {
  store.close()
  const direct = new Database(join(folder, 'ledger.db'))
  direct.pragma('user_version = 99')
  direct.close()
  expect(() => openLedgerFile(join(folder, 'ledger.db'))).toThrow('newer Hearth')
  store = openLedgerFile(join(folder, 'other.db'))
})

test('an app whose config vars this desktop may not read has no links here, and the others have theirs', async () => {
  links.push(release('Initial release'))
  const forbidden = new HearthError('forbidden', 'That needs the role deploy.')
  const told: LedgerSource = {
    ...source(),
    listApps: async () => [
      { id: randomUUID(), name: 'secret' },
      { id: appId, name: appName },
    ],
    listReleaseLinks: async (id) => (id === appId ? links : Promise.reject(forbidden)),
  }
  expect(await ledger.sync(told)).toBe(true)
  expect(ledger.list(all).map(({ appName: name }) => name)).toEqual(['blog'])
  expect(kinds()).toEqual([])
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ReleaseLink } from '../../../agent/contract/releases/release.ts'
import type { LedgerQuery, LedgerStore } from '../../../electron/core/ledger/ledger-store.ts'
import { openLedgerFile } from '../../../electron/sqlite/ledger-file.ts'
import { conditionsOf, parametersOf } from '../../../electron/sqlite/ledger-search.ts'
import { migrations } from '../../../electron/sqlite/migrations.ts'

let folder: string
let path: string
let store: LedgerStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-ledger-search-'))
  path = join(folder, 'ledger.db')
  store = openLedgerFile(path)
})
afterEach(async () => {
  store.close()
  await rm(folder, { recursive: true })
})

function link(app: string, version: number, changes: Partial<ReleaseLink> = {}): ReleaseLink {
  return {
    ...{ app_id: app, version, release_id: `${app}-${version}`, description: `Deploy ${version}`, user: 'ann@laptop' },
    created_at: new Date(Date.UTC(2026, 0, 1) + version * 60_000).toISOString(),
    ...{ slug_id: null, slug_checksum: null, commit: null, config_digest: '', config_salt: '' },
    ...{ previous_hash: '', hash: `${app}-${version}`, signature: '' },
    ...changes,
  }
}

const found = (query: Partial<LedgerQuery>) =>
  store.list({ limit: 1000, ...query }).map(({ link: { app_id, version } }) => `${app_id} v${version}`)

function noteOn(appId: string, version: number, text: string): void {
  store.addNote({ serverId: 'box', appId, version, text, writtenAt: '2026-01-01T00:00:00.000Z' })
}

/** What a search has always meant, said in the plainest way. */
function readAll({ search = '', serverId, app }: Partial<LedgerQuery>): string[] {
  const notes = store.notes()
  return store
    .list({ limit: 1000 })
    .filter((entry) => serverId === undefined || entry.serverId === serverId)
    .filter((entry) => app === undefined || entry.appId === app || entry.appName === app)
    .filter(({ serverId: server, appId, appName, link: { version, description, user, commit } }) => {
      const written = notes.filter(
        (note) => note.serverId === server && note.appId === appId && note.version === version,
      )
      return [appName, description, user, commit ?? '', ...written.map(({ text }) => text)].some((text) =>
        text.toLowerCase().includes(search.toLowerCase()),
      )
    })
    .map(({ link: { app_id, version } }) => `${app_id} v${version}`)
}

test('a search finds what reading every release finds, in any part, of any length, on any server', () => {
  const words = [
    'Übergabe',
    'fix "quotes"',
    '100% done',
    'a_b',
    'NEAR(x y)',
    'back\\slash',
    'café',
    '日本語の説明',
    '-',
  ]
  for (const server of ['box', 'attic'])
    for (const app of ['id-1', 'id-2', 'id-3'])
      store.append(
        server,
        words.map((word, index) =>
          link(app, index + 1, {
            description: `Deploy ${word}`,
            user: index % 2 ? 'bob@box' : 'Ann@laptop',
            commit: `${index}c0ffee${app}`,
          }),
        ),
      )
  for (const [id, name] of ['id-1 blog', 'id-2 shop', 'id-3 blogger', 'id-2 store'].map((text) => text.split(' ')))
    store.noteName('app', id ?? '', name ?? '')
  noteOn('id-1', 2, 'broke the checkout')
  noteOn('id-2', 2, 'Mended, see 日本語')
  const searches = [
    ...[
      '',
      'a',
      'ÜBER',
      'über',
      'é',
      '"',
      'fix "q',
      '%',
      '0%',
      '_',
      'a_b',
      'NEAR',
      'x OR y',
      '*',
      'back\\s',
      '語',
      '日本語',
      '-',
    ],
    ...[
      'blog',
      'shop',
      'store',
      'BOB',
      'ann@',
      'c0ffee',
      '3C0FFEEid-2',
      'checkout',
      'mended',
      'Deploy',
      'nothing',
      'oy 100',
    ],
  ]
  for (const search of searches)
    for (const place of [{}, { serverId: 'attic' }, { app: 'id-2' }, { app: 'store', serverId: 'box' }]) {
      const query = { ...place, search }
      expect([query, found(query)]).toEqual([query, readAll(query)])
    }
  expect(found({ search: 'über' })).toHaveLength(6)
  expect(found({ search: 'mended' })).toEqual(['id-2 v2'])
  expect(found({ search: 'shop' })).toEqual([])
})

test('the newest come first however many match, and an old one is found behind thousands', () => {
  const many = Array.from({ length: 2100 }, (_, index) => link('blog', index + 2))
  store.append('box', [link('blog', 1, { description: 'the very needle' }), ...many])
  expect(found({ search: 'needle' })).toEqual(['blog v1'])
  expect(found({ search: 'Deploy', limit: 3 })).toEqual(['blog v2101', 'blog v2100', 'blog v2099'])
  expect(found({ search: 'deploy 2', limit: 1000 })).toHaveLength(213)
  expect(found({ limit: 2 })).toEqual(['blog v2101', 'blog v2100'])
})

test('what an older Hearth wrote is found, and so is what is written after; none of it can be changed', () => {
  store.close()
  path = join(folder, 'older.db')
  const older = new Database(path)
  for (const step of migrations.slice(0, 3)) older.exec(step)
  older.pragma('user_version = 3')
  const { slug_id: _, ...row } = { ...link('blog', 1, { description: 'from long ago' }), server_id: 'box' }
  const columns = Object.keys(row)
  const names = columns.map((name) => `"${name}"`).join(', ')
  older.prepare(`INSERT INTO links (${names}) VALUES (${columns.map((name) => `@${name}`)})`).run(row)
  older.close()
  store = openLedgerFile(path)
  store.append('box', [link('blog', 2, { description: 'not long ago' })])
  expect(found({ search: 'long ago' })).toEqual(['blog v2', 'blog v1'])
  const direct = new Database(path)
  for (const sql of ["UPDATE links SET description = ''", 'DELETE FROM links'])
    expect(() => direct.exec(sql)).toThrow('the ledger only grows')
  direct.close()
})

test('the index is that of the releases also after the file was packed', () => {
  store.append('box', [link('blog', 1, { description: 'first words' }), link('blog', 2), link('shop', 1)])
  // Refused as another link under the same number: it leaves nothing in the index either.
  expect(() => store.append('box', [link('shop', 2), link('blog', 1, { hash: 'other' })])).toThrow()
  const direct = new Database(path)
  direct.exec('VACUUM')
  // An error unless each word of the table is in the index, and no other.
  direct.exec("INSERT INTO link_texts (link_texts, rank) VALUES ('integrity-check', 1)")
  direct.close()
  expect(found({ search: 'first words' })).toEqual(['blog v1'])
})

test('the index finds without a look at all releases', () => {
  const database = new Database(path)
  for (const part of [
    { search: 'needle' },
    { search: 'über' },
    { serverId: 'box', app: 'id' },
    { app: 'id', search: 'x' },
  ]) {
    const query = { limit: 200, ...part }
    const sql = `EXPLAIN QUERY PLAN SELECT * FROM links WHERE ${conditionsOf(query).at(-1)}`
    const steps = database.prepare(sql).all(parametersOf(query)) as { detail: string }[]
    expect([part, steps.map(({ detail }) => detail).filter((detail) => /^SCAN (l|links)\b/.test(detail))]).toEqual([
      part,
      [],
    ])
  }
  database.close()
})

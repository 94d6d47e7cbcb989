import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../../agent/core/ports/store.ts'
import { toColumns } from '../../../agent/sqlite/columns.ts'
import { Database } from '../../../agent/sqlite/database.ts'
import { openStore } from '../../../agent/sqlite/store.ts'
import { appRow, buildRow, dynoRow, releaseRow, slugRow, someId } from './rows.ts'

const key = new Uint8Array(32).fill(7)
let folder: string
let path: string
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-store-'))
  path = join(folder, 'state.db')
  store = openStore(path, key)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

/** What lies on disk, the write-ahead log included. */
const bytesOnDisk = () => Buffer.concat([readFileSync(path), readFileSync(`${path}-wal`)]).toString('latin1')

function reopen(): void {
  store.close()
  store = openStore(path, key)
}

describe('the store', () => {
  it('gives back every row as it was put in, also after a restart', () => {
    const rows = { app: appRow(), slug: slugRow(), release: releaseRow(), dyno: dynoRow(), build: buildRow() }
    store.apps.insert(rows.app)
    store.slugs.insert(rows.slug)
    store.releases.insert(rows.release, { A: '1' })
    store.dynos.insert(rows.dyno)
    store.outputs.create({ id: rows.build.outputId, appId: rows.app.id, secret: 'hidden' })
    store.builds.insert(rows.build)
    reopen()
    expect(store.apps.byName('shop')).toEqual(rows.app)
    expect(store.slugs.byId(rows.slug.id)).toEqual(rows.slug)
    expect(store.releases.newest(rows.app.id)).toEqual(rows.release)
    expect(store.releases.configVars(rows.release.id)).toEqual({ A: '1' })
    expect(store.dynos.listAll()).toEqual([rows.dyno])
    expect(store.builds.pending()).toEqual([rows.build])
  })

  it('changes only the columns that are named', () => {
    store.apps.insert(appRow())
    store.releases.insert(releaseRow(), {})
    store.dynos.insert(dynoRow())
    store.dynos.update(dynoRow().id, { state: 'crashed', address: null, reason: 'exited with status 1' })
    const crashed = dynoRow({ state: 'crashed', address: null, reason: 'exited with status 1' })
    expect(store.dynos.byId(crashed.id)).toEqual(crashed)
    store.apps.update(appRow().id, { maintenance: true })
    expect(store.apps.byId(appRow().id)).toEqual(appRow({ maintenance: true }))
  })

  it('undoes all of a transaction that throws, inner ones included', () => {
    const change = () =>
      store.transaction(() => {
        store.apps.insert(appRow())
        store.transaction(() => store.configVars.set(appRow().id, { A: '1' }))
        throw new Error('on purpose')
      })
    expect(change).toThrow('on purpose')
    expect(store.apps.list()).toEqual([])
    expect(store.transaction(() => 'usable afterwards')).toBe('usable afterwards')
  })

  it('keeps two apps from having one name, until one of them is destroyed', () => {
    store.apps.insert(appRow())
    expect(() => store.apps.insert(appRow({ id: someId(101) }))).toThrow(/UNIQUE/)
    store.apps.destroy(appRow().id)
    store.apps.insert(appRow({ id: someId(101) }))
    expect(store.apps.byName('shop')?.id).toBe(someId(101))
  })

  it('refuses rows of an app that does not exist', () => {
    expect(() =>
      store.domains.insert({ ...appRow(), appId: someId(1), hostname: 'a.b', kind: 'custom', certificateId: null }),
    ).toThrow()
    expect(() => store.releases.insert(releaseRow(), {})).toThrow(/FOREIGN KEY/)
  })

  it('appends output in order and finds it by its secret', () => {
    store.apps.insert(appRow())
    store.outputs.create({ id: someId(1), appId: appRow().id, secret: 'hidden' })
    for (const text of ['one ', 'two ', 'three']) store.outputs.append(someId(1), text)
    store.outputs.finish(someId(1))
    expect(store.outputs.bySecret('hidden')).toEqual({ id: someId(1), isFinished: true })
    expect(store.outputs.read(someId(1))).toBe('one two three')
  })
})

it('says that the disk is full when it is, and keeps what it had', () => {
  const database = new Database(join(folder, 'full.db'))
  const { owner, ...app } = appRow({ stack: 'x'.repeat(100_000) })
  const columns = { ...toColumns(app), owner_id: owner.id, owner_email: owner.email }
  const insert = () => database.transaction(() => database.insert('apps', columns))
  const { page_count } = database.get('PRAGMA page_count') ?? {}
  database.get(`PRAGMA max_page_count = ${Number(page_count) + 1}`)
  expect(insert).toThrow(expect.objectContaining({ id: 'disk_full' }))
  expect(database.all('SELECT * FROM apps')).toEqual([])
  database.close()
})

describe('a release on disk', () => {
  beforeEach(() => {
    store.apps.insert(appRow())
    store.releases.insert(releaseRow(), { TOKEN: 'opensesame' })
  })

  /** Bypasses the store, as a bug or a curious operator would. */
  const tamper = (sql: string) => {
    using database = new DatabaseSync(path)
    database.exec(sql)
  }

  it.each([
    "UPDATE releases SET description = 'x'",
    'UPDATE releases SET version = 2',
    "UPDATE releases SET slug_id = 'x'",
    "UPDATE releases SET hash = 'x'",
    "UPDATE releases SET created_at = 'x'",
  ])('can not be rewritten: %s', (sql) => {
    expect(() => tamper(sql)).toThrow('a release is immutable')
  })

  it('can not be deleted', () => {
    expect(() => tamper('DELETE FROM releases')).toThrow('a release is never deleted')
  })

  it('ends once: a failed release never becomes a succeeded one', () => {
    store.releases.update(releaseRow().id, { status: 'failed' })
    expect(() => store.releases.update(releaseRow().id, { status: 'succeeded' })).toThrow('does not change its status')
  })

  it('stays when its app is destroyed, while the secrets go', () => {
    store.configVars.set(appRow().id, { TOKEN: 'opensesame' })
    store.apps.destroy(appRow().id)
    expect(store.releases.list(appRow().id)).toHaveLength(1)
    expect(store.releases.configVars(releaseRow().id)).toEqual({})
    expect(store.apps.list()).toEqual([])
  })
})

describe('config vars at rest', () => {
  beforeEach(() => {
    store.apps.insert(appRow())
    store.releases.insert(releaseRow(), { TOKEN: 'opensesame' })
    store.configVars.set(appRow().id, { TOKEN: 'opensesame' })
  })

  it('are nowhere in the file in clear', () => {
    expect(bytesOnDisk()).toContain('Initial release')
    expect(bytesOnDisk()).not.toContain('opensesame')
    expect(bytesOnDisk()).not.toContain('TOKEN')
  })

  it('do not open with another key, and the error tells nothing', () => {
    store.close()
    store = openStore(path, new Uint8Array(32).fill(8))
    expect(() => store.configVars.get(appRow().id)).toThrow('another key, or a damaged file')
  })

  it('do not open in another row than the one that they were written for', () => {
    const other = appRow({ id: someId(101), name: 'other' })
    store.apps.insert(other)
    {
      using database = new DatabaseSync(path)
      database.exec(`INSERT INTO config_vars SELECT '${other.id}', encrypted FROM config_vars`)
    }
    expect(() => store.configVars.get(other.id)).toThrow('does not open')
  })
})

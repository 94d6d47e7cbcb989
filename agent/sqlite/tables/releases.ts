import type { ConfigVars } from '../../contract/apps/config-vars.ts'
import type { ReleaseRow, ReleaseStore, ReleaseVersions } from '../../core/ports/store.ts'
import type { Cipher } from '../cipher.ts'
import { type RowReader, readAll, readOne, toColumns } from '../columns.ts'
import type { Columns, Database } from '../database.ts'

export function openReleases(database: Database, cipher: Cipher): ReleaseStore {
  const one = (condition: string, parameters: Record<string, string | number>) =>
    readOne(database.get(`SELECT * FROM releases WHERE ${condition}`, parameters), readRelease)
  return {
    insert({ user, ...row }, configVars) {
      database.transaction(() => {
        database.insert('releases', { ...toColumns(row), user_id: user.id, user_email: user.email })
        const encrypted = cipher.seal(place(row.id), JSON.stringify(configVars))
        database.insert('release_config_vars', { release_id: row.id, encrypted })
      })
    },
    update: (id, change) => database.update('releases', id, toColumns(change)),
    byId: (id) => one('id = :id', { id }),
    byVersion: (appId, version) => one('app_id = :appId AND version = :version', { appId, version }),
    newest: (appId) => one('app_id = :appId ORDER BY version DESC LIMIT 1', { appId }),
    current: (appId) => one("app_id = :appId AND status = 'succeeded' ORDER BY version DESC LIMIT 1", { appId }),
    list: (appId, part) => readAll(part ? selectPart(database, appId, part) : selectAll(database, appId), readRelease),
    pending: () =>
      readAll(
        database.all("SELECT * FROM releases WHERE status = 'pending' ORDER BY created_at, version"),
        readRelease,
      ),
    configVars: (id) => readConfigVars(database, cipher, id),
  }
}

function selectAll(database: Database, appId: string): Columns[] {
  return database.all('SELECT * FROM releases WHERE app_id = :appId ORDER BY version', { appId })
}

function selectPart(database: Database, appId: string, { isNewestFirst, ...part }: ReleaseVersions): Columns[] {
  return database.all(
    `SELECT * FROM releases WHERE app_id = :appId AND version BETWEEN :lowest AND :highest
     ORDER BY version ${isNewestFirst ? 'DESC' : 'ASC'} LIMIT :maximum`,
    { appId, ...part },
  )
}

function readConfigVars(database: Database, cipher: Cipher, id: string): ConfigVars {
  const row = database.get('SELECT encrypted FROM release_config_vars WHERE release_id = :id', { id })
  return readOne(row, (columns) => JSON.parse(cipher.open(place(id), columns.bytes('encrypted')))) ?? {}
}

function place(releaseId: string): string {
  return `release_config_vars:${releaseId}`
}

function readRelease(row: RowReader): ReleaseRow {
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    version: row.number('version'),
    description: row.text('description'),
    user: row.actor('user'),
    slugId: row.optionalText('slug_id'),
    slugChecksum: row.optionalText('slug_checksum'),
    commit: row.optionalText('commit'),
    configDigest: row.text('config_digest'),
    configSalt: row.text('config_salt'),
    previousHash: row.text('previous_hash'),
    hash: row.text('hash'),
    signature: row.text('signature'),
    createdAt: row.text('created_at'),
    status: row.word('status'),
    reason: row.optionalText('reason'),
    switchedAt: row.optionalText('switched_at'),
    outputId: row.optionalText('output_id'),
    updatedAt: row.text('updated_at'),
  }
}

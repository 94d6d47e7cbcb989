import type { DynoAddress } from '../../core/ports/dynos/dyno-runner.ts'
import type { DynoRow, DynoStore } from '../../core/ports/store.ts'
import { type RowReader, readAll, readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openDynos(database: Database): DynoStore {
  return {
    insert: ({ address, ...row }) => database.insert('dynos', { ...toColumns(row), ...addressColumns(address) }),
    update: (id, { address, ...change }) =>
      database.update('dynos', id, {
        ...toColumns(change),
        ...(address === undefined ? {} : addressColumns(address)),
      }),
    remove: (id) => database.run('DELETE FROM dynos WHERE id = :id', { id }),
    byId: (id) => readOne(database.get('SELECT * FROM dynos WHERE id = :id', { id }), readDyno),
    list: (appId) =>
      readAll(
        database.all('SELECT * FROM dynos WHERE app_id = :appId ORDER BY created_at, rowid', { appId }),
        readDyno,
      ),
    listAll: () => readAll(database.all('SELECT * FROM dynos ORDER BY created_at, rowid'), readDyno),
  }
}

function addressColumns(address: DynoAddress | null) {
  return { host: address?.host ?? null, port: address?.port ?? null }
}

function readDyno(row: RowReader): DynoRow {
  const host = row.optionalText('host')
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    releaseId: row.text('release_id'),
    name: row.text('name'),
    type: row.text('type'),
    command: row.text('command'),
    size: row.text('size'),
    kind: row.word('kind'),
    state: row.word('state'),
    reason: row.optionalText('reason'),
    restarts: row.number('restarts'),
    lastCrash: row.optionalText('last_crash'),
    address: host === null ? null : { host, port: row.number('port') },
    isLeaving: row.flag('is_leaving'),
    isAttached: row.flag('is_attached'),
    expiresAt: row.optionalText('expires_at'),
    startedUptimeMs: row.number('started_uptime_ms'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  }
}

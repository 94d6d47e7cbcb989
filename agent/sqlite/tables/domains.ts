import type { DomainRow, DomainStore } from '../../core/ports/store.ts'
import { type RowReader, readAll, readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openDomains(database: Database): DomainStore {
  return {
    insert: (row) => database.insert('domains', toColumns(row)),
    update: (id, change) => database.update('domains', id, toColumns(change)),
    remove: (id) => database.run('DELETE FROM domains WHERE id = :id', { id }),
    byHostname: (hostname) =>
      readOne(database.get('SELECT * FROM domains WHERE hostname = :hostname', { hostname }), readDomain),
    list: (appId) =>
      readAll(
        database.all('SELECT * FROM domains WHERE app_id = :appId ORDER BY kind DESC, created_at, rowid', { appId }),
        readDomain,
      ),
  }
}

function readDomain(row: RowReader): DomainRow {
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    hostname: row.text('hostname'),
    kind: row.word('kind'),
    certificateId: row.optionalText('certificate_id'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  }
}

import type { LogDrainRow, LogDrainStore } from '../../core/ports/store.ts'
import type { Cipher } from '../cipher.ts'
import { type RowReader, readAll } from '../columns.ts'
import type { Database } from '../database.ts'

/** URLs hold passwords, so they lie encrypted. */
export function openLogDrains(database: Database, cipher: Cipher): LogDrainStore {
  const read = (row: RowReader): LogDrainRow => {
    const id = row.text('id')
    return {
      id,
      appId: row.text('app_id'),
      url: cipher.open(place(id), row.bytes('encrypted_url')),
      token: row.text('token'),
      createdAt: row.text('created_at'),
      updatedAt: row.text('updated_at'),
    }
  }
  return {
    insert({ id, appId, url, token, createdAt, updatedAt }) {
      const encrypted = cipher.seal(place(id), url)
      const columns = {
        id,
        app_id: appId,
        encrypted_url: encrypted,
        token,
        created_at: createdAt,
        updated_at: updatedAt,
      }
      database.insert('log_drains', columns)
    },
    remove: (id) => database.run('DELETE FROM log_drains WHERE id = :id', { id }),
    list: (appId) =>
      readAll(
        database.all('SELECT * FROM log_drains WHERE app_id = :appId ORDER BY created_at, rowid', { appId }),
        read,
      ),
    listAll: () => readAll(database.all('SELECT * FROM log_drains ORDER BY created_at, rowid'), read),
  }
}

function place(id: string): string {
  return `log_drains:${id}`
}

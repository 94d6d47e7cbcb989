import type { FormationRow, FormationStore } from '../../core/ports/store.ts'
import { type RowReader, readAll } from '../columns.ts'
import type { Database } from '../database.ts'

export function openFormations(database: Database): FormationStore {
  return {
    put(row) {
      database.run(
        `INSERT INTO formations (id, app_id, type, quantity, size, created_at, updated_at)
         VALUES (:id, :appId, :type, :quantity, :size, :createdAt, :updatedAt)
         ON CONFLICT (app_id, type) DO UPDATE
         SET quantity = excluded.quantity, size = excluded.size, updated_at = excluded.updated_at`,
        { ...row },
      )
    },
    list: (appId) =>
      readAll(database.all('SELECT * FROM formations WHERE app_id = :appId ORDER BY type', { appId }), readFormation),
  }
}

function readFormation(row: RowReader): FormationRow {
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    type: row.text('type'),
    quantity: row.number('quantity'),
    size: row.text('size'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  }
}

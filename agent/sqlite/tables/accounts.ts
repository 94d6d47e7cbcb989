import type { AccountStore } from '../../core/ports/store.ts'
import { readOne } from '../columns.ts'
import type { Database } from '../database.ts'

export function openAccounts(database: Database): AccountStore {
  return {
    byId: (id) =>
      readOne(database.get('SELECT * FROM accounts WHERE id = :id', { id }), (row) => {
        return { id: row.text('id'), name: row.optionalText('name'), updatedAt: row.text('updated_at') }
      }),
    put(row) {
      database.run(
        `INSERT INTO accounts (id, name, updated_at) VALUES (:id, :name, :updatedAt)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at`,
        { ...row },
      )
    },
  }
}

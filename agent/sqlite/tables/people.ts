import type { GrantRow, KeyRow, PeopleStore, PersonRow } from '../../core/ports/access/people-store.ts'
import { type RowReader, readAll, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openPeople(database: Database): PeopleStore {
  return {
    insert: (row) => database.insert('people', toColumns(row)),
    remove(id, removedAt) {
      database.transaction(() => {
        database.run(`${forget} SELECT id, :removedAt FROM keys WHERE person_id = :id`, { id, removedAt })
        database.run('DELETE FROM people WHERE id = :id', { id })
      })
    },
    list: () => readAll(database.all('SELECT * FROM people ORDER BY email'), readPerson),
    insertKey({ addedBy, ...row }) {
      database.transaction(() => {
        database.run('DELETE FROM removed_keys WHERE id = :id', { id: row.id })
        const by = { added_by_id: addedBy?.id ?? null, added_by_email: addedBy?.email ?? null }
        database.insert('keys', { ...toColumns(row), ...by })
      })
    },
    removeKey(id, removedAt) {
      database.transaction(() => {
        database.run(`${forget} VALUES (:id, :removedAt)`, { id, removedAt })
        database.run('DELETE FROM keys WHERE id = :id', { id })
      })
    },
    listKeys: () => readAll(database.all('SELECT * FROM keys ORDER BY created_at, id'), readKey),
    removedKeys() {
      const rows = readAll(database.all('SELECT * FROM removed_keys'), (row) => row)
      return new Map(rows.map((row) => [row.text('id'), row.text('removed_at')]))
    },
    putGrant({ grantedBy, ...row }) {
      const by = { granted_by_id: grantedBy?.id ?? null, granted_by_email: grantedBy?.email ?? null }
      database.run(
        `INSERT INTO grants (person_id, app_id, role, granted_by_id, granted_by_email, created_at, updated_at)
         VALUES (:person_id, :app_id, :role, :granted_by_id, :granted_by_email, :created_at, :updated_at)
         ON CONFLICT (person_id, ifnull(app_id, '')) DO UPDATE SET role = excluded.role,
           granted_by_id = excluded.granted_by_id, granted_by_email = excluded.granted_by_email,
           updated_at = excluded.updated_at`,
        { ...toColumns(row), ...by },
      )
    },
    removeGrant(personId, appId) {
      database.run('DELETE FROM grants WHERE person_id = :personId AND app_id IS :appId', { personId, appId })
    },
    listGrants: () => readAll(database.all('SELECT * FROM grants ORDER BY created_at, person_id'), readGrant),
  }
}

const forget = 'INSERT OR REPLACE INTO removed_keys (id, removed_at)'

function readPerson(row: RowReader): PersonRow {
  return { id: row.text('id'), email: row.text('email'), createdAt: row.text('created_at') }
}

function readKey(row: RowReader): KeyRow {
  return {
    id: row.text('id'),
    personId: row.text('person_id'),
    type: row.text('type'),
    blob: row.text('blob'),
    comment: row.text('comment'),
    addedBy: row.optionalActor('added_by'),
    createdAt: row.text('created_at'),
  }
}

function readGrant(row: RowReader): GrantRow {
  return {
    personId: row.text('person_id'),
    appId: row.optionalText('app_id'),
    role: row.word('role'),
    grantedBy: row.optionalActor('granted_by'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  }
}

import type { NewSlugRow, NewSlugStore } from '../../core/ports/store.ts'
import { type RowReader, readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openNewSlugs(database: Database): NewSlugStore {
  return {
    insert: (row) => database.insert('new_slugs', toColumns(row)),
    remove: (id) => database.run('DELETE FROM new_slugs WHERE id = :id', { id }),
    byId: (id) => readOne(database.get('SELECT * FROM new_slugs WHERE id = :id', { id }), readNewSlug),
    bySecret: (secret) =>
      readOne(database.get('SELECT * FROM new_slugs WHERE secret = :secret', { secret }), readNewSlug),
  }
}

function readNewSlug(row: RowReader): NewSlugRow {
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    secret: row.text('secret'),
    processTypes: row.json('process_types'),
    archiveChecksum: row.optionalText('archive_checksum'),
    commit: row.optionalText('commit'),
    commitDescription: row.optionalText('commit_description'),
    description: row.text('description'),
    createdAt: row.text('created_at'),
  }
}

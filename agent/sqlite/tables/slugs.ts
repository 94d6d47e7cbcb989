import type { SlugRow, SlugRowStore } from '../../core/ports/store.ts'
import { type RowReader, readAll, readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openSlugs(database: Database): SlugRowStore {
  return {
    insert: (row) => database.insert('slugs', toColumns(row)),
    remove: (id) => database.run('DELETE FROM slugs WHERE id = :id', { id }),
    byId: (id) => readOne(database.get('SELECT * FROM slugs WHERE id = :id', { id }), readSlug),
    list: () => readAll(database.all('SELECT * FROM slugs ORDER BY created_at, rowid'), readSlug),
  }
}

function readSlug(row: RowReader): SlugRow {
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    checksum: row.text('checksum'),
    stack: row.text('stack'),
    layers: row.json('layers'),
    processTypes: row.json('process_types'),
    sizeBytes: row.number('size_bytes'),
    commit: row.optionalText('commit'),
    commitDescription: row.optionalText('commit_description'),
    description: row.text('description'),
    reports: row.json('reports'),
    images: row.json('images'),
    createdAt: row.text('created_at'),
  }
}

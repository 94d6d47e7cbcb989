import type { OutputStore } from '../../core/ports/store.ts'
import { readAll, readOne } from '../columns.ts'
import type { Database } from '../database.ts'

export function openOutputs(database: Database): OutputStore {
  return {
    create: ({ id, appId, secret }) => database.insert('outputs', { id, app_id: appId, secret, is_finished: 0 }),
    append: (id, text) =>
      database.run(
        `INSERT INTO output_pieces (output_id, sequence, text)
         SELECT :id, coalesce(max(sequence), 0) + 1, :text FROM output_pieces WHERE output_id = :id`,
        { id, text },
      ),
    finish: (id) => database.update('outputs', id, { is_finished: 1 }),
    bySecret: (secret) =>
      readOne(database.get('SELECT id, is_finished FROM outputs WHERE secret = :secret', { secret }), (row) => {
        return { id: row.text('id'), isFinished: row.flag('is_finished') }
      }),
    secret: (id) =>
      readOne(database.get('SELECT secret FROM outputs WHERE id = :id', { id }), (row) => row.text('secret')),
    read: (id) =>
      readAll(database.all('SELECT text FROM output_pieces WHERE output_id = :id ORDER BY sequence', { id }), (row) =>
        row.text('text'),
      ).join(''),
  }
}

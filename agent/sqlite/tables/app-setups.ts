import type { AppSetupRow, AppSetupStore } from '../../core/ports/store.ts'
import { type RowReader, readAll, readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openAppSetups(database: Database): AppSetupStore {
  return {
    insert: (row) => database.insert('app_setups', toColumns(row)),
    update: (id, change) => database.update('app_setups', id, toColumns(change)),
    byId: (id) => readOne(database.get('SELECT * FROM app_setups WHERE id = :id', { id }), readAppSetup),
    pending: () => readAll(database.all("SELECT * FROM app_setups WHERE status = 'pending'"), readAppSetup),
  }
}

function readAppSetup(row: RowReader): AppSetupRow {
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    status: row.word('status'),
    failureMessage: row.optionalText('failure_message'),
    buildId: row.optionalText('build_id'),
    manifestErrors: row.json('manifest_errors'),
    postdeploy: row.optionalText('postdeploy') === null ? null : row.json('postdeploy'),
    successUrl: row.optionalText('success_url'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  }
}

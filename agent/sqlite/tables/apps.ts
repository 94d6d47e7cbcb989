import type { AppRow, AppStore } from '../../core/ports/store.ts'
import { type RowReader, readAll, readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openApps(database: Database): AppStore {
  return {
    insert({ owner, ...row }) {
      database.insert('apps', { ...toColumns(row), owner_id: owner.id, owner_email: owner.email })
    },
    update: (id, change) => database.update('apps', id, toColumns(change)),
    destroy: (id) => database.transaction(() => destroy(database, id)),
    byId: (id) => readOne(database.get(`${select} AND id = :id`, { id }), readApp),
    byName: (name) => readOne(database.get(`${select} AND name = :name`, { name }), readApp),
    list: () => readAll(database.all(`${select} ORDER BY name`), readApp),
  }
}

const select = 'SELECT * FROM apps WHERE destroyed_at IS NULL'

/** Everything goes but the row itself and the chain of its releases, which are never deleted. */
function destroy(database: Database, id: string): void {
  const dependent =
    'dynos builds outputs buildpacks repositories automated_domains domains certificates log_drains formations config_vars slugs new_slugs app_setups ' +
    'grants activity webhook_deliveries webhooks'
  const tables = dependent.split(' ')
  for (const table of tables) database.run(`DELETE FROM ${table} WHERE app_id = :id`, { id })
  database.run('DELETE FROM release_config_vars WHERE release_id IN (SELECT id FROM releases WHERE app_id = :id)', {
    id,
  })
  database.run("UPDATE apps SET destroyed_at = strftime('%Y-%m-%dT%H:%M:%fZ') WHERE id = :id", { id })
}

function readApp(row: RowReader): AppRow {
  return {
    id: row.text('id'),
    name: row.text('name'),
    owner: row.actor('owner'),
    stack: row.text('stack'),
    maintenance: row.flag('maintenance'),
    preboot: row.flag('preboot'),
    sleepAfterSeconds: row.optionalNumber('sleep_after_seconds'),
    podman: row.flag('podman'),
    acm: row.flag('acm'),
    httpsOnly: row.flag('https_only'),
    hstsSeconds: row.optionalNumber('hsts_seconds'),
    keepAliveToDynos: row.flag('keep_alive_to_dynos'),
    endToEndContinue: row.flag('end_to_end_continue'),
    sessionAffinity: row.flag('session_affinity'),
    logRuntimeMetrics: row.flag('log_runtime_metrics'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  }
}

import type { BuildRow, BuildStore } from '../../core/ports/store.ts'
import { type RowReader, readAll, readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openBuilds(database: Database): BuildStore {
  const many = (condition: string, parameters: Record<string, string>) =>
    readAll(database.all(`SELECT * FROM builds WHERE ${condition} ORDER BY created_at, rowid`, parameters), readBuild)
  return {
    insert({ user, ...row }) {
      const by = { user_id: user.id, user_email: user.email, user_key_id: user.keyId }
      database.insert('builds', { ...toColumns(row), ...by })
    },
    update: (id, change) => database.update('builds', id, toColumns(change)),
    byId: (id) => readOne(database.get('SELECT * FROM builds WHERE id = :id', { id }), readBuild),
    list: (appId) => many('app_id = :appId', { appId }),
    pending: () => many("status = 'pending'", {}),
  }
}

function readBuild(row: RowReader): BuildRow {
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    user: { ...row.actor('user'), keyId: row.optionalText('user_key_id') },
    sourceUrl: row.text('source_url'),
    sourceChecksum: row.optionalText('source_checksum'),
    sourceVersion: row.optionalText('source_version'),
    sourceDescription: row.optionalText('source_description'),
    buildpacks: row.json('buildpacks'),
    stack: row.text('stack'),
    status: row.word('status'),
    isRunning: row.flag('is_running'),
    slugId: row.optionalText('slug_id'),
    releaseId: row.optionalText('release_id'),
    outputId: row.text('output_id'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  }
}

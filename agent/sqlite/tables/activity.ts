import type { ActivityStore } from '../../core/ports/access/activity-store.ts'
import { readAll, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

/** Some weeks of a busy app. */
const kept = 500

export function openActivity(database: Database): ActivityStore {
  return {
    insert({ user, ...row }) {
      database.transaction(() => {
        database.insert('activity', { ...toColumns(row), user_id: user.id, user_email: user.email })
        database.run(
          `DELETE FROM activity WHERE app_id IS :appId AND sequence <=
             (SELECT sequence FROM activity WHERE app_id IS :appId ORDER BY sequence DESC LIMIT 1 OFFSET ${kept})`,
          { appId: row.appId },
        )
      })
    },
    list: (appId) =>
      readAll(
        database.all('SELECT * FROM activity WHERE app_id IS :appId ORDER BY sequence DESC', { appId }),
        (row) => ({
          id: row.text('id'),
          appId: row.optionalText('app_id'),
          user: row.actor('user'),
          key: row.optionalText('key'),
          description: row.text('description'),
          createdAt: row.text('created_at'),
        }),
      ),
  }
}

import type { RepositoryStore } from '../../core/ports/store.ts'
import { readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

export function openRepositories(database: Database): RepositoryStore {
  return {
    get(appId) {
      const row = database.get('SELECT * FROM repositories WHERE app_id = :appId', { appId })
      return readOne(row, (columns) => ({
        deployBranch: columns.optionalText('deploy_branch'),
        sizeBytes: columns.number('size_bytes'),
        pushedAt: columns.optionalText('pushed_at'),
      }))
    },
    put(appId, change) {
      const row = { deployBranch: null, sizeBytes: 0, pushedAt: null, ...this.get(appId), ...change }
      database.run(
        `INSERT INTO repositories (app_id, deploy_branch, size_bytes, pushed_at)
         VALUES (:app_id, :deploy_branch, :size_bytes, :pushed_at)
         ON CONFLICT (app_id) DO UPDATE SET deploy_branch = excluded.deploy_branch,
           size_bytes = excluded.size_bytes, pushed_at = excluded.pushed_at`,
        toColumns({ appId, ...row }),
      )
    },
  }
}

import type { BuildpackStore } from '../../core/ports/store.ts'
import { readOne } from '../columns.ts'
import type { Database } from '../database.ts'

export function openBuildpacks(database: Database): BuildpackStore {
  return {
    get(appId) {
      const row = database.get('SELECT urls FROM buildpacks WHERE app_id = :appId', { appId })
      return readOne(row, (columns) => columns.json<string[]>('urls')) ?? []
    },
    set(appId, buildpacks) {
      database.run(
        `INSERT INTO buildpacks (app_id, urls) VALUES (:appId, :urls)
         ON CONFLICT (app_id) DO UPDATE SET urls = excluded.urls`,
        { appId, urls: JSON.stringify(buildpacks) },
      )
    },
  }
}

import type { ConfigVarStore } from '../../core/ports/store.ts'
import type { Cipher } from '../cipher.ts'
import { readOne } from '../columns.ts'
import type { Database } from '../database.ts'

export function openConfigVars(database: Database, cipher: Cipher): ConfigVarStore {
  const place = (appId: string) => `config_vars:${appId}`
  return {
    get(appId) {
      const row = database.get('SELECT encrypted FROM config_vars WHERE app_id = :appId', { appId })
      return readOne(row, (columns) => JSON.parse(cipher.open(place(appId), columns.bytes('encrypted')))) ?? {}
    },
    set(appId, configVars) {
      database.run(
        `INSERT INTO config_vars (app_id, encrypted) VALUES (:appId, :encrypted)
         ON CONFLICT (app_id) DO UPDATE SET encrypted = excluded.encrypted`,
        { appId, encrypted: cipher.seal(place(appId), JSON.stringify(configVars)) },
      )
    },
  }
}

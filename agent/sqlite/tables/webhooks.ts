import type { WebhookRow, WebhookStore } from '../../core/ports/webhooks.ts'
import type { Cipher } from '../cipher.ts'
import { type RowReader, readAll, readOne } from '../columns.ts'
import type { Database } from '../database.ts'

type Hidden = Pick<WebhookRow, 'url' | 'secret' | 'authorization'>

/** URLs hold passwords, and secrets are some, so they lie encrypted. */
export function openWebhooks(database: Database, cipher: Cipher): WebhookStore {
  const read = (row: RowReader): WebhookRow => ({
    id: row.text('id'),
    appId: row.text('app_id'),
    include: row.json('include'),
    level: row.word('level'),
    ...(JSON.parse(cipher.open(place(row.text('id')), row.bytes('encrypted'))) as Hidden),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  })
  return {
    put({ url, secret, authorization, ...row }) {
      const hidden: Hidden = { url, secret, authorization }
      const encrypted = cipher.seal(place(row.id), JSON.stringify(hidden))
      database.run(
        `INSERT INTO webhooks VALUES (:id, :app_id, :include, :level, :encrypted, :created_at, :updated_at)
         ON CONFLICT (id) DO UPDATE SET include = :include, level = :level, encrypted = :encrypted, updated_at = :updated_at`,
        {
          ...{ id: row.id, app_id: row.appId, include: JSON.stringify(row.include), level: row.level, encrypted },
          ...{ created_at: row.createdAt, updated_at: row.updatedAt },
        },
      )
    },
    remove: (id) => database.run('DELETE FROM webhooks WHERE id = :id', { id }),
    byId: (id) => readOne(database.get('SELECT * FROM webhooks WHERE id = :id', { id }), read),
    list: (appId) =>
      readAll(database.all('SELECT * FROM webhooks WHERE app_id = :appId ORDER BY created_at, rowid', { appId }), read),
    listAll: () => readAll(database.all('SELECT * FROM webhooks ORDER BY created_at, rowid'), read),
  }
}

const place = (id: string) => `webhooks:${id}`

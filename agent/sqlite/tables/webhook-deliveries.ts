import type { WebhookDeliveryRow, WebhookDeliveryStore } from '../../core/ports/webhooks.ts'
import { type RowReader, readAll, readOne, toColumns } from '../columns.ts'
import type { Database } from '../database.ts'

const keptOfApp = 200

export function openWebhookDeliveries(database: Database): WebhookDeliveryStore {
  return {
    insert(row) {
      database.insert('webhook_deliveries', toColumns(row))
      database.run(
        `DELETE FROM webhook_deliveries WHERE app_id = :appId AND rowid <=
           (SELECT rowid FROM webhook_deliveries WHERE app_id = :appId ORDER BY rowid DESC LIMIT 1 OFFSET ${keptOfApp})`,
        { appId: row.appId },
      )
    },
    update: (id, change) => database.update('webhook_deliveries', id, toColumns(change)),
    byId: (id) => readOne(database.get('SELECT * FROM webhook_deliveries WHERE id = :id', { id }), read),
    list: (appId) =>
      readAll(
        database.all('SELECT * FROM webhook_deliveries WHERE app_id = :appId ORDER BY rowid DESC', { appId }),
        read,
      ),
    unfinished: () =>
      readAll(
        database.all("SELECT * FROM webhook_deliveries WHERE status IN ('pending', 'retrying') ORDER BY rowid"),
        read,
      ),
  }
}

function read(row: RowReader): WebhookDeliveryRow {
  return {
    id: row.text('id'),
    appId: row.text('app_id'),
    webhookId: row.text('webhook_id'),
    event: row.json('event'),
    status: row.word('status'),
    attempts: row.number('attempts'),
    nextAttemptAt: row.optionalText('next_attempt_at'),
    lastAttempt: row.optionalText('last_attempt') === null ? null : row.json('last_attempt'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  }
}

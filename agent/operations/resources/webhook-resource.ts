import type { Webhook, WebhookDelivery } from '../../contract/webhooks/webhook.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { WebhookDeliveryRow, WebhookRow } from '../../core/ports/webhooks.ts'

export function webhookResource({ id, name }: AppRow, row: WebhookRow): Webhook {
  return {
    app: { id, name },
    created_at: row.createdAt,
    id: row.id,
    include: [...row.include],
    level: row.level,
    updated_at: row.updatedAt,
    url: row.url,
  }
}

export function webhookDeliveryResource(row: WebhookDeliveryRow, { id, level }: WebhookRow): WebhookDelivery {
  return {
    created_at: row.createdAt,
    event: { id: row.event.id, include: row.event.include },
    id: row.id,
    last_attempt: row.lastAttempt,
    next_attempt_at: row.nextAttemptAt,
    num_attempts: row.attempts,
    status: row.status,
    updated_at: row.updatedAt,
    webhook: { id, level },
  }
}

import type { Webhook, WebhookDelivery, WebhookEntity, WebhookEvent } from '../../contract/webhooks/webhook.ts'

/** Where an app's events are sent to; URL, secret and authorization are kept encrypted. */
export interface WebhookRow {
  readonly id: string
  readonly appId: string
  readonly include: readonly WebhookEntity[]
  readonly level: Webhook['level']
  readonly url: string
  /** Signs what is sent. */
  readonly secret: string
  /** The header of what is sent. */
  readonly authorization: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** An event on its way to one webhook. */
export interface WebhookDeliveryRow {
  readonly id: string
  readonly appId: string
  readonly webhookId: string
  readonly event: WebhookEvent
  readonly status: WebhookDelivery['status']
  readonly attempts: number
  readonly nextAttemptAt: string | null
  readonly lastAttempt: WebhookDelivery['last_attempt']
  readonly createdAt: string
  readonly updatedAt: string
}

export interface WebhookStore {
  /** Inserts, or changes the row with the same id. */
  put(row: WebhookRow): void
  /** Its deliveries go too. */
  remove(id: string): void
  byId(id: string): WebhookRow | null
  /** Oldest first. */
  list(appId: string): WebhookRow[]
  listAll(): WebhookRow[]
}

export interface WebhookDeliveryStore {
  /** Forgets the oldest of the same app beyond a bound. */
  insert(row: WebhookDeliveryRow): void
  update(
    id: string,
    change: Partial<Pick<WebhookDeliveryRow, 'status' | 'attempts' | 'nextAttemptAt' | 'lastAttempt' | 'updatedAt'>>,
  ): void
  byId(id: string): WebhookDeliveryRow | null
  /** Newest first. */
  list(appId: string): WebhookDeliveryRow[]
  /** Of all apps, oldest first. */
  unfinished(): WebhookDeliveryRow[]
}

/** POSTs somewhere, and tells the status that was answered; throws when there was no answer. */
export type WebhookSender = (
  request: { readonly url: string; readonly body: string; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
) => Promise<number>

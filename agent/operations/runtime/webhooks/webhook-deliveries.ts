import { createHmac, randomUUID } from 'node:crypto'
import type { WebhookEvent } from '../../../contract/webhooks/webhook.ts'
import type { WebhookDeliveryRow, WebhookRow } from '../../../core/ports/webhooks.ts'
import type { PlatformPorts } from '../../platform.ts'
import { AppTurns } from '../app-turns.ts'
import type { Background } from '../background.ts'

const firstRetryMs = 60_000
/** The last comes 511 minutes after the first. */
const maximumAttempts = 10

export interface DeliveryPorts extends Pick<PlatformPorts, 'store' | 'clock' | 'sendToWebhook'> {
  readonly background: Background
}

/** Sends events to webhooks, each webhook's in their order; those that fail again later, if the webhook is to have them all. */
export class WebhookDeliveries {
  readonly #ports: DeliveryPorts
  /** By webhook. */
  readonly #turns: AppTurns

  constructor(ports: DeliveryPorts) {
    this.#ports = ports
    this.#turns = new AppTurns(ports.background.signal)
  }

  /** Goes on with those that the agent before this one left. */
  open(): void {
    for (const { id } of this.#ports.store.webhookDeliveries.unfinished()) this.#start(id)
  }

  add({ id: webhookId, appId }: WebhookRow, event: WebhookEvent): void {
    const id = randomUUID()
    const now = this.#now()
    this.#ports.store.webhookDeliveries.insert({
      ...{ id, appId, webhookId, event, status: 'pending', attempts: 0 },
      ...{ nextAttemptAt: now, lastAttempt: null, createdAt: now, updatedAt: now },
    })
    this.#start(id)
  }

  #start(id: string): void {
    this.#ports.background.run('sending to a webhook', () => this.#deliver(id))
  }

  async #deliver(id: string): Promise<void> {
    const { store, clock, background } = this.#ports
    for (;;) {
      const row = store.webhookDeliveries.byId(id)
      if (row === null || row.nextAttemptAt === null) return
      await clock.delay(Math.max(0, Date.parse(row.nextAttemptAt) - clock.now()), background.signal)
      await this.#turns.take(row.webhookId, () => this.#try(id))
    }
  }

  async #try(id: string): Promise<void> {
    const { store, clock, background } = this.#ports
    const row = store.webhookDeliveries.byId(id)
    const webhook = row && store.webhooks.byId(row.webhookId)
    if (!row || !webhook) return
    const attempt = { id: randomUUID(), created_at: this.#now() }
    const outcome = await this.#send(webhook, row, attempt.id)
    // Closing: the next agent tries anew.
    background.signal.throwIfAborted()
    const isTaken = outcome.code !== null && outcome.code >= 200 && outcome.code < 300
    const attempts = row.attempts + 1
    const isOver = isTaken || webhook.level === 'notify' || attempts >= maximumAttempts
    const now = this.#now()
    store.webhookDeliveries.update(id, {
      attempts,
      lastAttempt: { ...attempt, ...outcome, status: isTaken ? 'succeeded' : 'failed', updated_at: now },
      nextAttemptAt: isOver ? null : new Date(clock.now() + firstRetryMs * 2 ** (attempts - 1)).toISOString(),
      status: isTaken ? 'succeeded' : isOver ? 'failed' : 'retrying',
      updatedAt: now,
    })
  }

  async #send(
    webhook: WebhookRow,
    { id, event }: WebhookDeliveryRow,
    attemptId: string,
  ): Promise<{ code: number | null; error_class: string | null }> {
    const { sendToWebhook, background } = this.#ports
    const body = renderBody(event, { attemptId, deliveryId: id, webhookId: webhook.id, publishedAt: this.#now() })
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Heroku-Webhooks/Hearth',
      'heroku-webhook-hmac-sha256': createHmac('sha256', webhook.secret).update(body).digest('base64'),
      ...(webhook.authorization !== null && { authorization: webhook.authorization }),
    }
    try {
      return { code: await sendToWebhook({ url: webhook.url, body, headers }, background.signal), error_class: null }
    } catch (error) {
      // Not its message, which may hold the URL.
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'ERROR'
      return { code: null, error_class: code }
    }
  }

  #now(): string {
    return new Date(this.#ports.clock.now()).toISOString()
  }
}

/** As Heroku sends it. https://devcenter.heroku.com/articles/webhook-events */
function renderBody(
  { id, include, payload, created_at, updated_at }: WebhookEvent,
  sending: { attemptId: string; deliveryId: string; webhookId: string; publishedAt: string },
): string {
  return JSON.stringify({
    ...payload,
    created_at,
    id,
    published_at: sending.publishedAt,
    sequence: null,
    updated_at,
    webhook_metadata: {
      attempt: { id: sending.attemptId },
      delivery: { id: sending.deliveryId },
      event: { id, include },
      webhook: { id: sending.webhookId },
    },
  })
}

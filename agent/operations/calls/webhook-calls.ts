import { notFound } from '../../contract/errors.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { WebhookRow } from '../../core/ports/webhooks.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import { webhookDeliveryResource, webhookResource } from '../resources/webhook-resource.ts'
import { addWebhook } from '../webhooks/add-webhook.ts'
import { removeWebhook } from '../webhooks/remove-webhook.ts'
import { updateWebhook } from '../webhooks/update-webhook.ts'

export function openWebhookCalls(context: Context) {
  const { store } = context
  const find = ({ app: name, webhook }: { app: string; webhook: string }): { app: AppRow; row: WebhookRow } => {
    const app = findApp(store, name)
    const row = store.webhooks.list(app.id).find(({ id }) => id === webhook)
    if (!row) throw notFound('webhook', webhook)
    return { app, row }
  }
  const listDeliveries = (name: string) => {
    const app = findApp(store, name)
    const webhooks = new Map(store.webhooks.list(app.id).map((row) => [row.id, row]))
    return store.webhookDeliveries.list(app.id).flatMap((row) => {
      const webhook = webhooks.get(row.webhookId)
      return webhook ? [{ event: row.event, delivery: webhookDeliveryResource(row, webhook) }] : []
    })
  }
  const listEvents = (name: string) => {
    const events = new Map(listDeliveries(name).map(({ event }) => [event.id, event]))
    return [...events.values()]
  }
  return {
    async listWebhooks({ parameters }) {
      const app = findApp(store, parameters.app)
      return store.webhooks.list(app.id).map((row) => webhookResource(app, row))
    },
    async createWebhook({ actor, parameters, body, tell }) {
      const app = findApp(store, parameters.app)
      const row = addWebhook(context, { app, actor, wanted: body })
      tell?.('heroku-webhook-secret', row.secret)
      return webhookResource(app, row)
    },
    async getWebhook({ parameters }) {
      const { app, row } = find(parameters)
      return webhookResource(app, row)
    },
    async updateWebhook({ actor, parameters, body }) {
      const { app, row } = find(parameters)
      return webhookResource(app, updateWebhook(context, { app, actor, row, update: body }))
    },
    async destroyWebhook({ actor, parameters }) {
      const { app, row } = find(parameters)
      removeWebhook(context, { app, actor, row })
      return webhookResource(app, row)
    },
    listWebhookDeliveries: async ({ parameters }) => listDeliveries(parameters.app).map(({ delivery }) => delivery),
    async getWebhookDelivery({ parameters }) {
      const found = listDeliveries(parameters.app).find(({ delivery }) => delivery.id === parameters.delivery)
      if (!found) throw notFound('webhook delivery', parameters.delivery)
      return found.delivery
    },
    listWebhookEvents: async ({ parameters }) => listEvents(parameters.app),
    async getWebhookEvent({ parameters }) {
      const found = listEvents(parameters.app).find(({ id }) => id === parameters.event)
      if (!found) throw notFound('webhook event', parameters.event)
      return found
    },
  } satisfies Partial<Calls>
}

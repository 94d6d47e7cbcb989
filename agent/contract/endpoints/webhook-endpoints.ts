import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { webhook, webhookCreate, webhookDelivery, webhookEvent, webhookUpdate } from '../webhooks/webhook.ts'

const common = { needs: 'operate', tier: 2 } as const

/** Who hears of it when something of an app changes. */
export const webhookEndpoints = {
  listWebhooks: endpoint('GET', '/apps/{app}/webhooks', { ...common, response: z.array(webhook) }),
  createWebhook: endpoint('POST', '/apps/{app}/webhooks', {
    ...common,
    partly: 'events of add-ons and collaborators are not sent',
    request: webhookCreate,
    response: webhook,
    status: 201,
  }),
  getWebhook: endpoint('GET', '/apps/{app}/webhooks/{webhook}', { ...common, response: webhook }),
  updateWebhook: endpoint('PATCH', '/apps/{app}/webhooks/{webhook}', {
    ...common,
    request: webhookUpdate,
    response: webhook,
  }),
  destroyWebhook: endpoint('DELETE', '/apps/{app}/webhooks/{webhook}', { ...common, response: webhook }),
  /** Newest first. The stock client's `--status` is not looked at. */
  listWebhookDeliveries: endpoint('GET', '/apps/{app}/webhook-deliveries', {
    ...common,
    response: z.array(webhookDelivery),
  }),
  getWebhookDelivery: endpoint('GET', '/apps/{app}/webhook-deliveries/{delivery}', {
    ...common,
    response: webhookDelivery,
  }),
  listWebhookEvents: endpoint('GET', '/apps/{app}/webhook-events', { ...common, response: z.array(webhookEvent) }),
  getWebhookEvent: endpoint('GET', '/apps/{app}/webhook-events/{event}', { ...common, response: webhookEvent }),
} as const

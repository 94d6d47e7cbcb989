import { z } from 'zod'
import { appReference, id, timestamp, userReference } from '../common.ts'

/** What of an app a webhook tells of. Heroku's others are of add-ons. */
export const webhookEntity = z.enum([
  'api:app',
  'api:build',
  'api:domain',
  'api:formation',
  'api:release',
  'api:sni-endpoint',
  'dyno',
])
export type WebhookEntity = z.infer<typeof webhookEntity>

/** `notify`: each event is sent once. `sync`: again and again until it is taken, ten times within nine hours. */
const level = z.enum(['notify', 'sync'])

/** Where an app's events are POSTed to, as JSON. The URL may hold a password and is shown to who may add webhooks. */
export const webhook = z.strictObject({
  app: appReference,
  created_at: timestamp,
  id,
  include: z.array(webhookEntity),
  level,
  updated_at: timestamp,
  url: z.string(),
})
export type Webhook = z.infer<typeof webhook>

/** The stock client's example says `api:dyno`. */
const wantedEntity = z.union([webhookEntity, z.literal('api:dyno')])

export const webhookCreate = z.strictObject({
  include: z.array(wantedEntity).min(1).max(20),
  level,
  url: z.url({ protocol: /^https?$/ }).max(2048),
  /**
   * Signs what is sent: the header `Heroku-Webhook-Hmac-SHA256` is the base64 of the body's HMAC with it. Without one it is made; the answer
   * tells it in the header `Heroku-Webhook-Secret`, and nothing tells it again.
   */
  secret: z.string().min(1).max(500).nullable().optional(),
  /** The header `Authorization` of what is sent. */
  authorization: z
    .string()
    .regex(/^[\x20-\x7e]{1,2000}$/, 'must be what a header can hold')
    .nullable()
    .optional(),
})
export type WebhookCreate = z.infer<typeof webhookCreate>

/** What is not named stays as it is. */
export const webhookUpdate = webhookCreate.partial()
export type WebhookUpdate = z.infer<typeof webhookUpdate>

const resource = z.record(z.string(), z.unknown())

/** Something of an app was made, changed or ended: one for all webhooks that it was sent to. */
export const webhookEvent = z.strictObject({
  created_at: timestamp,
  id,
  include: webhookEntity,
  payload: z.strictObject({
    action: z.enum(['create', 'update', 'destroy']),
    /** Who did it; the server itself where nobody did. */
    actor: userReference,
    /** As the API shows it, without URLs that hold secrets. */
    data: resource,
    /** Of an update, the fields that were other before. */
    previous_data: resource,
    /** `release` */
    resource: z.string(),
    version: z.string(),
  }),
  updated_at: timestamp,
})
export type WebhookEvent = z.infer<typeof webhookEvent>

/** An event on its way to one webhook; the newest 200 of an app are kept. */
export const webhookDelivery = z.strictObject({
  created_at: timestamp,
  event: z.strictObject({ id, include: webhookEntity }),
  id,
  last_attempt: z
    .strictObject({
      /** The status that was answered. */
      code: z.number().int().nullable(),
      created_at: timestamp,
      /** Why there was no answer: `ECONNREFUSED`. */
      error_class: z.string().nullable(),
      id,
      status: z.enum(['succeeded', 'failed']),
      updated_at: timestamp,
    })
    .nullable(),
  next_attempt_at: timestamp.nullable(),
  num_attempts: z.number().int(),
  status: z.enum(['pending', 'retrying', 'failed', 'succeeded']),
  updated_at: timestamp,
  webhook: z.strictObject({ id, level }),
})
export type WebhookDelivery = z.infer<typeof webhookDelivery>

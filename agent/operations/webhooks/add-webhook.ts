import { randomBytes, randomUUID } from 'node:crypto'
import { HearthError } from '../../contract/errors.ts'
import { type WebhookCreate, webhookEntity } from '../../contract/webhooks/webhook.ts'
import { limits } from '../../core/limits.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { WebhookRow } from '../../core/ports/webhooks.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'

/** Tells one more place what becomes of the app, from now on. */
export function addWebhook(
  context: Context,
  { app, actor, wanted }: { app: AppRow; actor: Actor; wanted: WebhookCreate },
): WebhookRow {
  const { store } = context
  if (store.webhooks.list(app.id).length >= limits.webhooksPerApp) {
    throw new HearthError('invalid_params', `${app.name} has ${limits.webhooksPerApp} webhooks, which is the limit.`)
  }
  const now = timestamp(context)
  const row = {
    id: randomUUID(),
    appId: app.id,
    include: toEntities(wanted.include),
    level: wanted.level,
    url: wanted.url,
    secret: wanted.secret ?? randomBytes(32).toString('hex'),
    authorization: wanted.authorization ?? null,
    createdAt: now,
    updatedAt: now,
  }
  store.webhooks.put(row)
  act(context, { app, actor }, logTexts.webhookAdded(row.id))
  return row
}

/** Each once; the stock client's example says `api:dyno` for `dyno`. */
export function toEntities(include: WebhookCreate['include']): WebhookRow['include'] {
  return webhookEntity.options.filter(
    (entity) => include.includes(entity) || include.includes(`api:${entity}` as never),
  )
}

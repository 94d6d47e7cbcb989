import type { WebhookUpdate } from '../../contract/webhooks/webhook.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { WebhookRow } from '../../core/ports/webhooks.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'
import { toEntities } from './add-webhook.ts'

/** What is on its way goes by what it is then. */
export function updateWebhook(
  context: Context,
  { app, actor, row, update }: { app: AppRow; actor: Actor; row: WebhookRow; update: WebhookUpdate },
): WebhookRow {
  const { include, level, url, secret, authorization } = update
  const changed = {
    ...row,
    ...(include && { include: toEntities(include) }),
    level: level ?? row.level,
    url: url ?? row.url,
    secret: secret ?? row.secret,
    authorization: authorization === undefined ? row.authorization : authorization,
    updatedAt: timestamp(context),
  }
  context.store.webhooks.put(changed)
  act(context, { app, actor }, logTexts.webhookUpdated(row.id))
  return changed
}

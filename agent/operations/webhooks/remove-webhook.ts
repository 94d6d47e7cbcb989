import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { WebhookRow } from '../../core/ports/webhooks.ts'
import { act } from '../access/act.ts'
import type { Context } from '../context.ts'

/** What was not sent yet is not sent. */
export function removeWebhook(
  context: Context,
  { app, actor, row }: { app: AppRow; actor: Actor; row: WebhookRow },
): void {
  context.store.webhooks.remove(row.id)
  act(context, { app, actor }, logTexts.webhookRemoved(row.id))
}

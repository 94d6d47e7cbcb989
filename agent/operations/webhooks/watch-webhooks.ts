import { randomUUID } from 'node:crypto'
import type { EventTopic } from '../../contract/event.ts'
import { type WebhookEntity, webhookEntity } from '../../contract/webhooks/webhook.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { findChanges, type Shown, type ShownChange } from '../../core/webhooks/find-changes.ts'
import { type Context, timestamp } from '../context.ts'
import { showEntity } from './show-entity.ts'

/** What may have changed with each list that is told to have. */
const changedBy: Partial<Record<EventTopic, readonly WebhookEntity[]>> = {
  apps: ['api:app'],
  builds: ['api:build'],
  domains: ['api:domain', 'api:sni-endpoint'],
  formation: ['api:formation'],
  releases: ['api:release', 'api:app'],
  dynos: ['dyno'],
}

/** Who did what comes next is who has acted last, as long ago at most. */
const actMs = 1000

type Known = ReadonlyMap<WebhookEntity, readonly Shown[]>

/**
 * Tells webhooks what becomes of their apps: at each event an app's things are looked at again and compared with how they were. So
 * nothing that changes them has to think of webhooks, and an app without any costs nothing.
 */
export function watchWebhooks(context: Context): () => void {
  const { store, events, background } = context
  const known = new Map<string, Known>()
  const look = (app: AppRow) =>
    new Map(webhookEntity.options.map((entity) => [entity, showEntity(context, app, entity)]))
  for (const { appId } of store.webhooks.listAll()) {
    const app = store.apps.byId(appId)
    if (app && !known.has(appId)) known.set(appId, look(app))
  }
  context.webhooks.open()
  return events.subscribe(({ topic, app: reference }) => {
    if (reference === null || (known.size === 0 && topic !== 'activity')) return
    background.run('telling webhooks', async () => {
      // Not within what tells it, which may be a transaction; and who did it is often written down last.
      await Promise.resolve()
      const app = store.apps.byId(reference.id)
      if (!app || store.webhooks.list(app.id).length === 0) return void known.delete(reference.id)
      const before = known.get(app.id)
      if (!before) return void known.set(app.id, look(app))
      const now = new Map(before)
      known.set(app.id, now)
      for (const entity of changedBy[topic] ?? []) {
        const shown = showEntity(context, app, entity)
        now.set(entity, shown)
        for (const change of findChanges(before.get(entity) ?? [], shown)) tell(context, app, entity, change)
      }
    })
  })
}

function tell(context: Context, app: AppRow, entity: WebhookEntity, { action, data, previous }: ShownChange): void {
  const interested = context.store.webhooks.list(app.id).filter(({ include }) => include.includes(entity))
  if (interested.length === 0) return
  const now = timestamp(context)
  const event = {
    created_at: now,
    id: randomUUID(),
    include: entity,
    payload: {
      action,
      actor: findActor(context, app, entity, data),
      data,
      previous_data: previous,
      resource: entity.replace('api:', ''),
      version: 'application/vnd.heroku+json; version=3',
    },
    updated_at: now,
  }
  for (const webhook of interested) context.webhooks.add(webhook, event)
}

/** Builds and releases are somebody's; what dynos do is the server's. */
function findActor(context: Context, app: AppRow, entity: WebhookEntity, data: Shown): Actor {
  const { store, machine, clock } = context
  if (entity === 'api:build' || entity === 'api:release') return data.user as Actor
  const [act] = entity === 'dyno' ? [] : store.activity.list(app.id)
  if (act && clock.now() - Date.parse(act.createdAt) <= actMs) return act.user
  return { id: machine.facts.id, email: `hearth@${machine.facts.name}` }
}

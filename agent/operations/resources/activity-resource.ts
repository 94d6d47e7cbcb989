import type { Activity } from '../../contract/access/activity.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

/** Newest first; of an app, or with null of the server as a whole. */
export function activityResources({ store }: Context, app: AppRow | null): Activity[] {
  return store.activity.list(app?.id ?? null).map(({ id, user, key, description, createdAt }) => {
    return { id, app: app && { id: app.id, name: app.name }, user, key, description, created_at: createdAt }
  })
}

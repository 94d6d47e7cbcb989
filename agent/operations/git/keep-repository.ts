import type { Context } from '../context.ts'

/** After a push: packs what became loose, and notes how large the repository is. */
export async function keepRepository(context: Context, appId: string): Promise<void> {
  const { git, store, events } = context
  await git.maintain(appId)
  const sizeBytes = await git.measure(appId)
  const app = store.apps.byId(appId)
  // Destroyed meanwhile.
  if (!app) return
  store.repositories.put(appId, { sizeBytes })
  events.changed('apps', app)
}

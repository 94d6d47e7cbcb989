import { randomUUID } from 'node:crypto'
import { completeFormation } from '../../core/dynos/formation.ts'
import type { ReleaseRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'

/** Gives every process type of a release a formation row, so that it can be shown and scaled. */
export function ensureFormation(context: Context, release: ReleaseRow): void {
  const { store } = context
  const slug = release.slugId ? store.slugs.byId(release.slugId) : null
  if (!slug) return
  const rows = store.formations.list(release.appId)
  const now = timestamp(context)
  for (const entry of completeFormation(slug.processTypes, rows)) {
    if (rows.some(({ type }) => type === entry.type)) continue
    const { type, quantity, size } = entry
    store.formations.put({
      id: randomUUID(),
      appId: release.appId,
      type,
      quantity,
      size,
      createdAt: now,
      updatedAt: now,
    })
  }
}

import { randomUUID } from 'node:crypto'
import { releaseType } from '../../contract/dynos/formation.ts'
import type { FormationEntry } from '../../core/dynos/formation.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'

/** Says how many dynos there will be before the first release is there; what it has no process type for stays out of sight. */
export function prepareFormation(context: Context, app: AppRow, entries: readonly FormationEntry[]): void {
  const now = timestamp(context)
  for (const { type, quantity, size } of entries) {
    if (type === releaseType) continue
    const row = { id: randomUUID(), appId: app.id, type, quantity, size, createdAt: now, updatedAt: now }
    context.store.formations.put(row)
  }
}

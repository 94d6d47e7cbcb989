import { unknownType } from '../../core/dynos/formation.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { shownDynos } from '../find.ts'
import { servingRelease } from '../runtime/routing/routes.ts'

/** The dynos of a process type; there may be none of one that the Procfile has, or of one-off dynos. */
export function findOfType(context: Context, app: AppRow, type: string): DynoRow[] {
  const { store } = context
  const rows = shownDynos(store, app).filter((row) => row.type === type)
  const release = servingRelease(store, app.id)
  const slug = release?.slugId ? store.slugs.byId(release.slugId) : null
  const types = Object.keys(slug?.processTypes ?? {})
  if (rows.length === 0 && type !== 'run' && !types.includes(type)) throw unknownType(type, types)
  return rows
}

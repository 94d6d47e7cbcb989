import { completeFormation } from '../../core/dynos/formation.ts'
import { type DesiredDyno, desireDynos } from '../../core/dynos/plan.ts'
import type { ReleaseRow, SlugRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

/** The dynos that a release asks for with the app's formation. */
export function desiredDynos({ store }: Context, release: ReleaseRow, slug: SlugRow | null): DesiredDyno[] {
  if (!slug) return []
  const formation = completeFormation(slug.processTypes, store.formations.list(release.appId))
  return desireDynos(release.id, slug.processTypes, formation)
}

import { type DesiredDyno, plan } from '../../core/dynos/plan.ts'
import type { AppRow, DynoRow, ReleaseRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { desiredDynos } from './desired-dynos.ts'

/** What there is to do so that an app has the dynos which its serving release and formation ask for. */
export interface FormationPlan {
  readonly release: ReleaseRow | null
  /** To be started where there is none. */
  readonly added: readonly DesiredDyno[]
  /** To take the place of one of that name that is up and stays until then. */
  readonly replacing: readonly DesiredDyno[]
  readonly surplus: readonly DynoRow[]
}

export function planFormation(context: Context, app: AppRow): FormationPlan {
  const { store } = context
  const release = servingRelease(store, app.id)
  const slug = release?.slugId ? store.slugs.byId(release.slugId) : null
  const actual = formationDynos(context, app)
  const { start, stop } = plan(release ? desiredDynos(context, release, slug) : [], actual)
  const leaving = actual.filter(({ id }) => stop.includes(id))
  const isServing = ({ name }: DesiredDyno) => leaving.some((old) => old.name === name && old.state === 'up')
  const replacing = start.filter(isServing)
  const surplus = leaving.filter((old) => old.state !== 'up' || !replacing.some(({ name }) => name === old.name))
  return { release, added: start.filter((dyno) => !isServing(dyno)), replacing, surplus }
}

/** Those that count towards the formation. */
export function formationDynos({ store }: Pick<Context, 'store'>, app: AppRow): DynoRow[] {
  return store.dynos.list(app.id).filter(({ kind, isLeaving }) => kind === 'formation' && !isLeaving)
}

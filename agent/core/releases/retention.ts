import type { BuildRow, DynoRow, ReleaseRow, SlugRow } from '../ports/store.ts'

/** What may refer to an app's slugs. */
export interface SlugUse {
  readonly slugs: readonly SlugRow[]
  /** Oldest first. */
  readonly releases: readonly ReleaseRow[]
  /** All that have a process, those that are leaving and one-off ones included. */
  readonly dynos: readonly DynoRow[]
  readonly builds: readonly BuildRow[]
  /** A slug that was put here since then may be about to be released. */
  readonly putSince: string
}

/**
 * The slugs of an app that nothing needs: no release of the rollback window (the newest `keptReleases` that
 * succeeded), no release that is under way or was tried last, no dyno, no build that is about to release its own.
 */
export function unusedSlugs({ slugs, releases, dynos, builds, putSince }: SlugUse, keptReleases: number): SlugRow[] {
  const window = releases.filter(({ status }) => status === 'succeeded').slice(-keptReleases)
  const underWay = releases.filter(({ status }) => status === 'pending')
  const started = new Set(dynos.map(({ releaseId }) => releaseId))
  const run = releases.filter(({ id }) => started.has(id))
  const pendingBuilds = builds.filter(({ status }) => status === 'pending')
  const used = new Set(
    [...window, ...underWay, ...releases.slice(-1), ...run, ...pendingBuilds].map(({ slugId }) => slugId),
  )
  const built = new Set([...builds, ...releases].map(({ slugId }) => slugId))
  const isNew = ({ id, createdAt }: SlugRow) => !built.has(id) && createdAt >= putSince
  return slugs.filter((slug) => !used.has(slug.id) && !isNew(slug))
}

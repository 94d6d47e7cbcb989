import { type DynoSizeResource, type Formation, releaseType } from '../../contract/dynos/formation.ts'
import { defaultDynoSize, dynoSizes, sizeId } from '../../core/dynos/dyno-size.ts'
import type { AppRow, FormationRow, ReleaseRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { generation } from './app-resource.ts'

/** The process types of the release that serves, `web` first, and last the one that runs once a release. */
export function formationResources({ store }: Context, app: AppRow): Formation[] {
  const release = servingRelease(store, app.id)
  const slug = release?.slugId ? store.slugs.byId(release.slugId) : null
  const rows = store.formations.list(app.id).sort((a, b) => Number(b.type === 'web') - Number(a.type === 'web'))
  const scaled = rows.flatMap((row) => {
    const command = slug?.processTypes[row.type]
    return command === undefined ? [] : [formationResource(app, row, command)]
  })
  const command = slug?.processTypes[releaseType]
  return release && command !== undefined ? [...scaled, releaseResource(app, release, command)] : scaled
}

/** It has no row of its own: what it is called by is its release. */
function releaseResource(app: AppRow, { id, createdAt }: ReleaseRow, command: string): Formation {
  const entry = { type: releaseType, quantity: 0, size: defaultDynoSize }
  return formationResource(app, { id, appId: app.id, ...entry, createdAt, updatedAt: createdAt }, command)
}

function formationResource(app: AppRow, row: FormationRow, command: string): Formation {
  return {
    app: { id: app.id, name: app.name },
    command,
    created_at: row.createdAt,
    dyno_size: { id: sizeId(row.size), name: row.size },
    id: row.id,
    quantity: row.quantity,
    size: row.size,
    type: row.type,
    updated_at: row.updatedAt,
  }
}

export function dynoSizeResources(architecture: string): DynoSizeResource[] {
  return Object.entries(dynoSizes).map(([name, { memoryBytes, cpuWeight }]) => ({
    architecture,
    compute: Math.max(1, Math.round(cpuWeight / 100)),
    cost: null,
    dedicated: false,
    precise_dyno_units: cpuWeight / 100,
    generation,
    id: sizeId(name),
    memory: memoryBytes / 1024 ** 3,
    name,
    private_space_only: false,
  }))
}

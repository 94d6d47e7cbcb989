import type { DynoSizeResource, Formation } from '../../contract/formation.ts'
import { dynoSizes } from '../../core/dyno-size.ts'
import type { AppRow, FormationRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { servingRelease } from '../runtime/routes.ts'
import { generation } from './app-resource.ts'

/** The process types of the release that serves, `web` first. */
export function formationResources({ store }: Context, app: AppRow): Formation[] {
  const release = servingRelease(store, app.id)
  const slug = release?.slugId ? store.slugs.byId(release.slugId) : null
  const rows = store.formations.list(app.id).sort((a, b) => Number(b.type === 'web') - Number(a.type === 'web'))
  return rows.flatMap((row) => {
    const command = slug?.processTypes[row.type]
    return command === undefined ? [] : [formationResource(app, row, command)]
  })
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

/** Sizes are the same everywhere, and so are their ids. */
function sizeId(name: string): string {
  const index = Object.keys(dynoSizes).indexOf(name) + 1
  return `3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1b${String(index).padStart(3, '0')}`
}

import type { Build, QueuedBuild } from '../../contract/builds/build.ts'
import type { BuildRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { userReference } from './user-reference.ts'

export function buildResource({ store }: Context, row: BuildRow): Build {
  return {
    app: { id: row.appId },
    buildpacks: row.buildpacks.map((buildpack) => ({ url: buildpack, name: buildpack })),
    created_at: row.createdAt,
    generation: 'cedar',
    id: row.id,
    output_stream_url: streamPath(store.outputs.secret(row.outputId)),
    source_blob: {
      checksum: row.sourceChecksum,
      // An upload's secret would let any reader build it again; it is of no use to anyone but its sender.
      url: row.sourceUrl.startsWith('blob:') ? 'blob:' : row.sourceUrl,
      version: row.sourceVersion,
      version_description: row.sourceDescription,
    },
    release: row.releaseId === null ? null : { id: row.releaseId },
    slug: row.slugId === null ? null : { id: row.slugId },
    stack: row.stack,
    status: row.status,
    updated_at: row.updatedAt,
    user: userReference(row.user),
  }
}

export function queuedBuildResources({ store, builds }: Context): QueuedBuild[] {
  return store.builds.pending().flatMap((row) => {
    const app = store.apps.byId(row.appId)
    if (!app) return []
    const state = row.isRunning ? 'running' : 'queued'
    const ahead = builds.ahead(row.id)
    return [{ id: row.id, app: { id: app.id, name: app.name }, state, ahead, created_at: row.createdAt }]
  })
}

export function streamPath(secret: string | null): string {
  return `/streams/${secret ?? 'gone'}`
}

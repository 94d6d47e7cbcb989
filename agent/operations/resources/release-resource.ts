import type { Release, ReleaseLink, ReleaseSource, ReleaseState } from '../../contract/releases/release.ts'
import type { AppRow, BuildRow, ReleaseRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { rollbackObstacle } from '../releases/rollback.ts'
import { streamPath } from './build-resource.ts'
import { userReference } from './user-reference.ts'

export function releaseResource(context: Context, app: AppRow, row: ReleaseRow): Release {
  return toResource(context, app, row, context.store.releases.current(app.id)?.id)
}

export function releaseResources(context: Context, app: AppRow, rows: readonly ReleaseRow[]): Release[] {
  const currentId = context.store.releases.current(app.id)?.id
  return rows.map((row) => toResource(context, app, row, currentId))
}

function toResource(context: Context, app: AppRow, row: ReleaseRow, currentId: string | undefined): Release {
  const { store } = context
  return {
    addon_plan_names: [],
    artifacts: row.slugId === null ? [] : [{ type: 'slug', id: row.slugId }],
    app: { id: app.id, name: app.name },
    created_at: row.createdAt,
    description: row.description,
    id: row.id,
    updated_at: row.updatedAt,
    slug: row.slugId === null ? null : { id: row.slugId },
    status: row.status,
    user: userReference(row.user),
    version: row.version,
    current: row.id === currentId,
    output_stream_url: row.outputId === null ? null : streamPath(store.outputs.secret(row.outputId)),
    eligible_for_rollback: rollbackObstacle(context, row) === null,
  }
}

export function releaseStateResources(context: Context, app: AppRow): ReleaseState[] {
  const { store } = context
  const buildOf = new Map(store.builds.list(app.id).map((build) => [build.releaseId, build]))
  return store.releases.list(app.id).map((row) => {
    const { id, version, status, reason } = row
    const build = buildOf.get(id)
    return {
      version,
      status,
      reason,
      rollback_obstacle: rollbackObstacle(context, row),
      source: build ? toSource(build) : null,
    }
  })
}

const kinds: Readonly<Record<string, ReleaseSource['kind']>> = { git: 'git', manifest: 'folder', docker: 'image' }

function toSource({ sourceUrl, sourceVersion: version, sourceDescription: description }: BuildRow): ReleaseSource {
  const kind = kinds[sourceUrl.slice(0, sourceUrl.indexOf(':'))] ?? 'archive'
  return { kind, version, description }
}

export function releaseLinkResource(row: ReleaseRow): ReleaseLink {
  return {
    app_id: row.appId,
    version: row.version,
    release_id: row.id,
    description: row.description,
    user: row.user.email,
    created_at: row.createdAt,
    slug_id: row.slugId,
    slug_checksum: row.slugChecksum,
    commit: row.commit,
    config_digest: row.configDigest,
    config_salt: row.configSalt,
    previous_hash: row.previousHash,
    hash: row.hash,
    signature: row.signature,
  }
}

import type { Slug } from '../../contract/releases/slug.ts'
import type { NewSlugRow, SlugRow } from '../../core/ports/store.ts'
import { referToStack } from '../apps/require-own.ts'
import type { Context } from '../context.ts'
import { streamPath } from './build-resource.ts'

/** One whose archive has not arrived yet. */
export function newSlugResource(context: Context, row: NewSlugRow, blob: Slug['blob']): Slug {
  return {
    blob,
    buildpack_provided_description: row.description === '' ? null : row.description,
    buildpack_reports: [],
    checksum: row.archiveChecksum,
    commit: row.commit,
    commit_description: row.commitDescription,
    created_at: row.createdAt,
    id: row.id,
    process_types: { ...row.processTypes },
    size: null,
    stack: referToStack(context, context.store.apps.byId(row.appId)?.stack ?? ''),
    updated_at: row.createdAt,
    deleted_at: null,
  }
}

export async function slugResource(context: Context, row: SlugRow): Promise<Slug> {
  const { slugs, slugDownloads } = context
  return {
    blob: { method: 'GET', url: streamPath(slugDownloads.offer(row.checksum)) },
    buildpack_provided_description: row.description === '' ? null : row.description,
    buildpack_reports: row.reports.map(({ buildpack, facts }) => ({
      buildpack: { url: buildpack },
      facts: { ...facts },
    })),
    checksum: row.checksum,
    commit: row.commit,
    commit_description: row.commitDescription,
    created_at: row.createdAt,
    id: row.id,
    process_types: { ...row.processTypes },
    size: await slugs.archiveSizeBytes(row.checksum),
    stack: referToStack(context, row.stack),
    updated_at: row.createdAt,
    deleted_at: null,
  }
}

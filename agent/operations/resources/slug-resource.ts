import type { Slug } from '../../contract/slug.ts'
import type { SlugRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { streamPath } from './build-resource.ts'

export async function slugResource(context: Context, row: SlugRow): Promise<Slug> {
  const { slugs, machine, slugDownloads } = context
  return {
    blob: { method: 'GET', url: streamPath(slugDownloads.offer(row.checksum)) },
    buildpack_provided_description: row.description,
    checksum: row.checksum,
    commit: row.commit,
    commit_description: row.commitDescription,
    created_at: row.createdAt,
    id: row.id,
    process_types: { ...row.processTypes },
    size: await slugs.archiveSizeBytes(row.checksum),
    stack: { id: machine.facts.stack.id, name: row.stack },
    updated_at: row.createdAt,
    deleted_at: null,
  }
}

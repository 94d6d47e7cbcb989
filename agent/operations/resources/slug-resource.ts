import type { Slug } from '../../contract/slug.ts'
import type { SlugRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

export async function slugResource({ slugs, machine }: Context, row: SlugRow): Promise<Slug> {
  return {
    // TODO(2): nobody serves the archive yet; the path is where it will be.
    blob: { method: 'GET', url: `/slugs/${row.id}/archive` },
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

import { HearthError } from '../../contract/errors.ts'
import type { SlugWeight } from '../../contract/releases/slug-weight.ts'
import type { SlugRow } from '../../core/ports/store.ts'
import { weighSlug } from '../../core/releases/weigh-slug.ts'
import type { Context } from '../context.ts'

/** Where a slug's bytes are, what lies below it, and how the slug before it compares. */
export async function slugWeightResource(context: Context, row: SlugRow): Promise<SlugWeight> {
  const { slugs, store } = context
  const all = store.slugs.list()
  const { files, layerBytes } = await slugs.weigh(row)
  const before = all.findLast(({ appId, createdAt }) => appId === row.appId && createdAt < row.createdAt)
  return {
    ...weighSlug(files),
    archive_size: await slugs.archiveSizeBytes(row.checksum),
    layers: row.layers.map(({ provider, digest }, index) => {
      const users = all.filter(({ layers }) => layers.some((layer) => layer.digest === digest))
      return { provider, size: layerBytes[index] ?? null, apps: new Set(users.map(({ appId }) => appId)).size }
    }),
    previous: before ? await weighBefore(context, before) : null,
  }
}

async function weighBefore({ slugs }: Context, row: SlugRow): Promise<SlugWeight['previous']> {
  try {
    const { size, files, kinds } = weighSlug((await slugs.weigh(row)).files)
    return { size, files, kinds }
  } catch (error) {
    // Its files may be gone while its row is still there.
    if (error instanceof HearthError && error.id === 'not_found') return null
    throw error
  }
}

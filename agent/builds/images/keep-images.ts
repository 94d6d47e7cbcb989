import { HearthError } from '../../contract/errors.ts'
import type { BuiltSlug } from '../../core/ports/builds/builder.ts'
import type { SlugImage } from '../../core/ports/builds/slug-store.ts'
import type { BuildRun } from '../build-run.ts'
import { formatMegabytes } from '../disk-reserve.ts'
import { settleTree } from '../slugs/make-slug.ts'
import { requireFolders, writeImageList } from './image-list.ts'

/** Unpacked, all images of a release together. */
const maximumImageBytes = 8 * 1024 ** 3

/**
 * Takes the file systems of images, as they are in the build's place, over as a slug. Nothing of a hostile image runs any more; what it
 * left is read like any stranger's.
 */
export async function keepImages(
  run: BuildRun,
  images: readonly SlugImage[],
  told: Pick<BuiltSlug, 'processTypes' | 'description'> & Partial<Pick<BuiltSlug, 'buildpacks' | 'reports'>>,
): Promise<BuiltSlug> {
  const { place, output, options } = run
  await writeImageList(place.app, images)
  const tree = await settleTree(place.app)
  requireFolders(tree, images)
  if (tree.sizeBytes > maximumImageBytes)
    throw new HearthError(
      'build_failed',
      `The images have ${formatMegabytes(tree.sizeBytes)}, and ${formatMegabytes(maximumImageBytes)} is the most. Leave out what only the build needs, by a second stage in the Dockerfile.`,
    )
  await options.slugs.add(place.slug, tree)
  output.header(`Images are ready: ${formatMegabytes(tree.sizeBytes)}, ${tree.entries.length} files and folders`)
  const { checksum, sizeBytes } = tree
  const stack = run.layers.stack.id
  return { buildpacks: [], reports: [], ...told, checksum, sizeBytes, stack, layers: [], chosenBy: 'source', images }
}

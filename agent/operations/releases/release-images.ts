import { HearthError } from '../../contract/errors.ts'
import { type ChosenImage, renderImages } from '../../core/builds/image-reference.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow, ReleaseRow } from '../../core/ports/store.ts'
import { createBuild } from '../builds/create-build.ts'
import type { Context } from '../context.ts'

/**
 * Gives process types the images that they are to run from now on. Resolves when the release is there, which is rolled out like
 * any other; throws why the images could not be had. They come by a build, so that they are queued, capped, and told like one.
 */
export async function releaseImages(
  context: Context,
  { app, actor, images }: { app: AppRow; actor: Caller; images: readonly ChosenImage[] },
): Promise<ReleaseRow> {
  const { store, events, background } = context
  const { id, outputId } = createBuild(context, { app, actor, request: { source_blob: { url: renderImages(images) } } })
  const ended = await events.until(() => {
    const build = store.builds.byId(id)
    return build === null || build.status !== 'pending' ? { build } : null
  }, background.signal)
  const release = ended.build?.releaseId ? store.releases.byId(ended.build.releaseId) : null
  if (release) return release
  throw new HearthError('build_failed', findReason(store.outputs.read(outputId)))
}

const mark = ' !     '

/** The last thing that the build complained of, as its output has it: ` !     There is no image...`, perhaps several lines. */
function findReason(output: string): string {
  const lines = output.trimEnd().split('\n')
  const marked = lines.slice(lines.findLastIndex((line) => !line.startsWith(mark)) + 1)
  return marked.map((line) => line.slice(mark.length)).join('\n') || 'The images could not be had; the build says why.'
}

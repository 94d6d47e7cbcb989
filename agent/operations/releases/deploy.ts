import { notFound } from '../../contract/errors.ts'
import type { Actor, SlugRow } from '../../core/ports/store.ts'
import { describeRelease } from '../../core/releases/release-description.ts'
import type { Context } from '../context.ts'
import { makeRelease } from './make-release.ts'
import { type StartedRelease, startRelease } from './start-release.ts'

/** Releases a slug with the app's config vars. */
export async function deploy(
  context: Context,
  { slug, actor, description }: { slug: SlugRow; actor: Actor; description?: string | undefined },
): Promise<StartedRelease> {
  const started = await startRelease(context, { appId: slug.appId, verb: 'deploy' }, (app) => {
    // While this waited for its turn the slug may have been removed.
    if (!context.store.slugs.byId(slug.id)) throw notFound('slug', slug.id)
    return makeRelease(context, {
      app,
      actor,
      slug,
      description: description ?? describeSlug(slug),
      configVars: context.store.configVars.get(app.id),
    })
  })
  if (!started) throw new TypeError('A deploy always makes a release.')
  return started
}

/** An image of a registry is told by its name, which says more than the commit of a build. */
function describeSlug({ images, commit }: SlugRow): string {
  const [image] = images
  return image && image.reference === commit ? describeRelease.image(image) : describeRelease.deploy(commit)
}

import { imageFor } from '../builds/image-reference.ts'
import type { SlugImage } from '../ports/builds/slug-store.ts'

/**
 * What a one-off dyno is to run: a command that begins with a process type is that process type's, and what follows are further
 * arguments, as on Heroku. `type` is the dyno's own; what its image is not made for it can't run.
 * https://devcenter.heroku.com/articles/working-with-one-off-dynos#execution-syntax
 */
export function expandProcessType(
  command: string,
  type: string,
  slug: { readonly images: readonly SlugImage[]; readonly processTypes: Readonly<Record<string, string>> },
): string {
  const [, named = '', rest = ''] = /^\s*([-\w]+)(?!\S)(.*)$/s.exec(command) ?? []
  const image = imageFor(slug, type)
  const isThere = Object.hasOwn(slug.processTypes, named) && (image?.processTypes.includes(named) ?? true)
  return isThere ? `${slug.processTypes[named]}${rest}` : command
}

import { HearthError } from '../contract/errors.ts'
import type { SlugImage } from './ports/slug-store.ts'

/** The stack of apps that are images, as Heroku calls it. */
export const containerStack = 'container'

/** How a build's source says that it is an image of a registry: `docker://registry.example/shop:1`, as other programs do. */
const scheme = 'docker://'

// https://github.com/distribution/reference: name in lower case, perhaps after a host, then a tag, a digest, or both.
const host = String.raw`(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?`
const part = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`
const reference = new RegExp(`^(?:${host}/)?${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`)

/** `registry.example/shop:1` of a source's URL; null when it names no image. Throws `invalid_params` for what can't be one. */
export function imageOf(sourceUrl: string): string | null {
  if (!sourceUrl.startsWith(scheme)) return null
  const name = sourceUrl.slice(scheme.length)
  if (name.length <= 500 && reference.test(name)) return name
  throw new HearthError(
    'invalid_params',
    `"${name.slice(0, 200)}" is no name of an image. It looks like registry.example/team/shop:1.2, or like shop@sha256: and 64 digits.`,
  )
}

/** The image that a process type's dynos run in, the first one for what none is made for; null: the slug has no images. */
export function imageFor({ images }: { readonly images: readonly SlugImage[] }, type: string): SlugImage | null {
  return images.find(({ processTypes }) => processTypes.includes(type)) ?? images[0] ?? null
}

import { HearthError } from '../../contract/errors.ts'
import type { SlugImage } from '../ports/builds/slug-store.ts'
import { quoteWord } from '../shell-words.ts'
import { stackNameOf } from './stack-name.ts'

/** The stack of apps that are images, as Heroku calls it. */
export const containerStack = 'container'
/** The stack of apps that are images made by Cloud Native Buildpacks, as Heroku calls it. */
export const cnbStack = 'cnb'

/** How a build's source says that it is an image of a registry: `docker://registry.example/shop:1`, as other programs do. */
const scheme = 'docker://'
/** And that it is one for each of these process types: `images:web=registry.example/shop:1,worker=sha256:…`. */
const setScheme = 'images:'

// https://github.com/distribution/reference: name in lower case, perhaps after a host, then a tag, a digest, or both.
const host = String.raw`(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?`
const part = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`
const reference = new RegExp(`^(?:${host}/)?${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`)

/** An image that is to be run, and what it is to run as. */
export interface ChosenImage {
  readonly type: string
  /** `registry.example/shop:1` of a registry, or the id of an image that was pushed to the app: `sha256:…`. */
  readonly reference: string
}

/**
 * The images of a source's URL; null when it names none. One of `docker://` is all that the app is made of from then on; those of
 * `images:` take the place of the images of their process types. Throws `invalid_params` for what can't be one.
 */
export function imagesOf(sourceUrl: string): { images: readonly ChosenImage[]; isWhole: boolean } | null {
  if (sourceUrl.startsWith(scheme))
    return { images: [{ type: 'web', reference: requireReference(sourceUrl.slice(scheme.length)) }], isWhole: true }
  if (!sourceUrl.startsWith(setScheme)) return null
  const images = sourceUrl.slice(setScheme.length).split(',').map(parseChosen)
  const twice = images.find(({ type }, index) => images.findIndex((one) => one.type === type) !== index)
  if (twice) throw new HearthError('invalid_params', `${twice.type} can't run two images: name it once.`)
  return { images, isWhole: false }
}

/** The URL of a source that is these images. */
export function renderImages(images: readonly ChosenImage[]): string {
  return setScheme + images.map(({ type, reference }) => `${type}=${reference}`).join(',')
}

/** Whether it is one that was pushed; everything else is a registry's. */
export function isImageId(reference: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(reference)
}

function parseChosen(text: string): ChosenImage {
  const [, type = '', name = ''] = /^([-\w]{1,128})=(.*)$/.exec(text) ?? []
  if (type === '')
    throw new HearthError(
      'invalid_params',
      `"${text.slice(0, 200)}" does not say which process type runs which image: web=registry.example/shop:1.2`,
    )
  return { type, reference: isImageId(name) ? name : requireReference(name) }
}

function requireReference(name: string): string {
  if (isImageReference(name)) return name
  throw new HearthError(
    'invalid_params',
    `"${name.slice(0, 200)}" is no name of an image. It looks like registry.example/team/shop:1.2, or like shop@sha256: and 64 digits.`,
  )
}

/** Whether text can be the name of an image: `shop`, `registry.example/team/shop:1`. */
export function isImageReference(name: string): boolean {
  return name.length <= 500 && reference.test(name)
}

/** The stack that an app with this slug runs on; below images lies one that is only lent to them. */
export function stackOf({ images, stack }: { readonly images: readonly SlugImage[]; readonly stack: string }): string {
  const [image] = images
  if (!image) return stackNameOf(stack)
  return image.hasLauncher ? cnbStack : containerStack
}

/** The image that a process type's dynos run in, the first one for what none is made for; null: the slug has no images. */
export function imageFor({ images }: { readonly images: readonly SlugImage[] }, type: string): SlugImage | null {
  return images.find(({ processTypes }) => processTypes.includes(type)) ?? images[0] ?? null
}

/**
 * What a dyno really runs for a command of a process type, in its image if it has one. The launcher of Cloud Native Buildpacks knows the
 * process types by name, and gives any other command the environment that the buildpacks made.
 * https://github.com/buildpacks/spec/blob/main/platform.md#launcher
 */
export function commandIn(
  slug: { readonly images: readonly SlugImage[]; readonly processTypes: Readonly<Record<string, string>> },
  { type, command }: { readonly type: string; readonly command: string },
): string {
  if (!imageFor(slug, type)?.hasLauncher) return command
  if (slug.processTypes[type] === command) return `/cnb/process/${type}`
  return `/cnb/lifecycle/launcher ${quoteWord(command)}`
}

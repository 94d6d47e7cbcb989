import path from 'node:path'
import type { SlugImage } from '../../core/ports/builds/slug-store.ts'
import { runCommand } from '../../exec/command.ts'
import type { BuildRun } from '../build-run.ts'
import type { ImagePlan } from './heroku-yml.ts'

export interface KeptImages {
  readonly images: readonly SlugImage[]
  readonly processTypes: Readonly<Record<string, string>>
}

export const nothingKept: KeptImages = { images: [], processTypes: {} }

/** What runs the process types that get no new image stays as it is: out of the slug of now, whatever became of its registry. */
export async function keepCurrent(
  { request: { current }, options, place, output }: BuildRun,
  plan: ImagePlan,
): Promise<KeptImages> {
  if (current === null) return nothingKept
  const replaced = new Set(plan.processTypes.map(({ type }) => type))
  const staying = current.images.flatMap((image) => {
    const processTypes = image.processTypes.filter((type) => !replaced.has(type))
    return processTypes.length > 0 ? [{ ...image, processTypes }] : []
  })
  if (staying.length === 0) return nothingKept
  const { appDirectory } = await options.slugs.open(current)
  const taken = new Set(plan.images.map(({ name }) => name))
  const images: SlugImage[] = []
  for (const image of staying) {
    const folder = chooseFolder(image, taken)
    taken.add(folder)
    // Through none of its links: they would lead to the server's own files.
    const [from, to] = [path.join(appDirectory, image.folder), path.join(place.app, folder)]
    await runCommand(['cp', '--archive', '--reflink=auto', '--no-target-directory', '--', from, to])
    images.push({ ...image, folder })
    output.detail(`${image.processTypes.join(', ')} stays as it is: ${image.digest}`)
  }
  const types = images.flatMap(({ processTypes }) => processTypes)
  return {
    images,
    processTypes: Object.fromEntries(types.map((type) => [type, current.processTypes[type] ?? ''])),
  }
}

/** Its own, unless a new image has that name. */
function chooseFolder({ folder, processTypes }: SlugImage, taken: ReadonlySet<string>): string {
  const numbered = Array.from({ length: taken.size + 1 }, (_, index) => `kept-${index}`)
  return [folder, ...processTypes, ...numbered].find((name) => !taken.has(name)) ?? folder
}

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { imagesOf } from '../../core/builds/image-reference.ts'
import type { BuiltSlug } from '../../core/ports/builds/builder.ts'
import type { SlugImage } from '../../core/ports/builds/slug-store.ts'
import type { BuildRun } from '../build-run.ts'
import { materialise } from '../sources/materialise.ts'
import type { ImagePlan, PlannedImage } from './heroku-yml.ts'
import { type ImageFacts, throughEntrypoint } from './image-facts.ts'
import { makeImagePlace, setSourceAside, sourceOf } from './image-place.ts'
import { keepCurrent, nothingKept } from './keep-current.ts'
import { keepImages } from './keep-images.ts'
import { type ImageOrder, makeImage } from './make-image.ts'
import { planChosen, planImages } from './plan-images.ts'

interface MadeImage {
  readonly planned: PlannedImage
  /** What it was made from, for people. */
  readonly reference: string
  readonly facts: ImageFacts
}

/** From a source with a heroku.yml or a Dockerfile, or from an image of a registry, to a slug that holds root file systems. */
export async function buildImages(given: BuildRun): Promise<BuiltSlug> {
  const { output, request } = given
  output.header('Building on the container stack')
  const run = await makeImagePlace(given, { to: '/hearth/source', writable: false })
  const chosen = imagesOf(request.sourceUrl)
  const plan = chosen === null ? await planSource(run) : planChosen(chosen.images)
  for (const note of plan.notes) output.detail(note)
  const made: MadeImage[] = []
  for (const [number, planned] of plan.images.entries()) {
    const { header, way, reference } = await openOrigin(run, planned)
    output.header(header)
    const { buildArguments } = plan
    made.push({
      planned,
      reference,
      facts: await makeImage(run, { number, folder: planned.name, way, buildArguments }),
    })
  }
  const kept = chosen === null || chosen.isWhole ? nothingKept : await keepCurrent(run, plan)
  const processTypes = { ...kept.processTypes, ...chooseCommands(plan, made) }
  const images = webFirst([...kept.images, ...made.map((each) => toSlugImage(plan, each))])
  tellPlan(run, processTypes, made)
  const description = images.map(({ reference }) => reference).join(', ')
  return await keepImages(run, images, { processTypes, description })
}

async function planSource(run: BuildRun): Promise<ImagePlan> {
  await setSourceAside(run, ['heroku.yml'])
  return await planImages(sourceOf(run))
}

/** What the image's script is to do, and how that is told. */
async function openOrigin(
  run: BuildRun,
  { name, origin }: PlannedImage,
): Promise<{ header: string; way: ImageOrder['way']; reference: string }> {
  switch (origin.kind) {
    case 'dockerfile':
      return { header: `Building ${name} by ${origin.file}`, way: ['build', origin.file], reference: origin.file }
    case 'registry':
      return { header: `Pulling ${origin.reference}`, way: ['pull', origin.reference], reference: origin.reference }
    case 'pushed': {
      const { options, request } = run
      const folder = path.join(sourceOf(run), name)
      await mkdir(folder, { mode: 0o755 })
      await materialise(await options.sources.openImage(request.app.id, origin.id), folder, options.sandbox.owner)
      const header = `Taking ${name} as it was pushed: ${origin.id.slice(0, 19)}`
      // https://github.com/containers/image/blob/main/docs/containers-transports.5.md
      return { header, way: ['pull', `dir:/hearth/source/${name}`], reference: origin.id }
    }
  }
}

function chooseCommands(plan: ImagePlan, made: readonly MadeImage[]): Record<string, string> {
  const commands = plan.processTypes.map(({ type, image, command }) => {
    const facts = made.find(({ planned }) => planned.name === image)?.facts
    const chosen = facts && (command === null ? facts.command : throughEntrypoint(facts.entrypoint, command))
    if (chosen) return [type, chosen] as const
    throw new HearthError(
      'build_failed',
      `The image ${image} does not say what to run: it has no CMD and no ENTRYPOINT. Add one, or name a command in heroku.yml under run.${type}.`,
    )
  })
  return Object.fromEntries(commands)
}

function toSlugImage({ processTypes }: ImagePlan, { planned, reference, facts }: MadeImage): SlugImage {
  const { digest, environment, directory, uid, home } = facts
  const own = processTypes.filter(({ image }) => image === planned.name).map(({ type }) => type)
  return { folder: planned.name, processTypes: own, reference, digest, environment, directory, uid, home }
}

function tellPlan({ output }: BuildRun, processTypes: Record<string, string>, made: readonly MadeImage[]): void {
  output.header('Discovering process types')
  for (const [type, command] of Object.entries(processTypes)) output.detail(`${type}: ${command}`)
  for (const { planned, facts } of made) {
    output.detail(`${planned.name} is ${facts.digest}`)
    if (planned.name === 'web' && facts.exposed.length > 0)
      output.detail(
        `EXPOSE ${facts.exposed.join(' ')} has no effect: web listens on $PORT, which differs from dyno to dyno`,
      )
  }
}

/** Whatever has no image of its own runs in the first. */
function webFirst(images: readonly SlugImage[]): SlugImage[] {
  const isWeb = ({ processTypes }: SlugImage) => processTypes.includes('web')
  return [...images.filter(isWeb), ...images.filter((image) => !isWeb(image))]
}

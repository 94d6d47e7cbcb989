import { chown, mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { imagesOf } from '../../core/image-reference.ts'
import { registryLogin } from '../../core/platform-vars.ts'
import type { BuiltSlug } from '../../core/ports/builder.ts'
import type { SlugImage } from '../../core/ports/slug-store.ts'
import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { runStep, stepFailed } from '../build-step.ts'
import { formatMegabytes } from '../disk-reserve.ts'
import { settleTree } from '../make-slug.ts'
import { materialise } from '../materialise.ts'
import { prepareSource } from '../prepare-source.ts'
import { explainImageFailure } from './explain-failure.ts'
import type { ImagePlan, PlannedImage } from './heroku-yml.ts'
import { type ImageFacts, readImageFacts, throughEntrypoint } from './image-facts.ts'
import { requireFolders, writeImageList } from './image-list.ts'
import { imageScript } from './image-script.ts'
import { keepCurrent, nothingKept } from './keep-current.ts'
import { planChosen, planImages } from './plan-images.ts'
import { writeLogins } from './registry-logins.ts'

/** Unpacked, all images of a release together. */
const maximumImageBytes = 8 * 1024 ** 3

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
  const run = withRoot(given)
  await mkdir(sourceOf(run), { mode: 0o711 })
  const chosen = imagesOf(request.sourceUrl)
  const plan = chosen === null ? await planSource(run) : planChosen(chosen.images)
  for (const note of plan.notes) output.detail(note)
  const login = request.configVars.reveal()[registryLogin]
  await writeLogins(path.join(run.place.results, 'login.json'), login, run.options.sandbox.owner)
  const made: MadeImage[] = []
  for (const [number, planned] of plan.images.entries()) made.push(await makeImage(run, { plan, planned, number }))
  const kept = chosen === null || chosen.isWhole ? nothingKept : await keepCurrent(run, plan)
  const processTypes = { ...kept.processTypes, ...chooseCommands(plan, made) }
  const images = webFirst([...kept.images, ...made.map((each) => toSlugImage(plan, each))])
  tellPlan(run, processTypes, made)
  const { checksum, sizeBytes } = await keepTree(run, images)
  const description = images.map(({ reference }) => reference).join(', ')
  const stack = run.layers.stack.id
  return {
    checksum,
    layers: [],
    stack,
    sizeBytes,
    processTypes,
    buildpacks: [],
    chosenBy: 'source' as const,
    description,
    reports: [],
    images,
  }
}

/** The server's own programs and its settings of registries over the stack, which has no podman. */
function withRoot(run: BuildRun): BuildRun {
  const own = ['/usr', '/etc/containers'].map((from) => ({ from, to: from, writable: false }))
  const source = { from: sourceOf(run), to: '/hearth/source', writable: false }
  return { ...run, place: { ...run.place, binds: [...run.place.binds, ...own, source] } }
}

const sourceOf = ({ place }: BuildRun) => path.join(place.directory, 'source')

/** The source goes aside: the slug is what is made of it. */
async function planSource(run: BuildRun): Promise<ImagePlan> {
  const { place, options } = run
  await prepareSource(run)
  await rename(place.app, sourceOf(run))
  await mkdir(place.app, { mode: 0o700 })
  const { owner } = options.sandbox
  if (owner) await chown(place.app, owner.uid, owner.gid)
  return await planImages(sourceOf(run))
}

async function makeImage(
  run: BuildRun,
  parts: { plan: ImagePlan; planned: PlannedImage; number: number },
): Promise<MadeImage> {
  const { plan, planned, number } = parts
  const { output, place } = run
  const { header, way, reference } = await openOrigin(run, planned)
  output.header(header)
  const words = Object.entries(plan.buildArguments).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`])
  const argumentFile = path.join(place.results, `${number}.arguments`)
  await writeFile(argumentFile, words.map((word) => `${word}\0`).join(''), { mode: 0o644 })
  const exit = await runStep(run, `image-${number}`, [
    'bash',
    '-c',
    imageScript,
    'image',
    String(number),
    planned.name,
    ...way,
  ])
  if (exit.kind !== 'exited' || exit.status !== 0) {
    const why = exit.kind === 'exited' ? explainImageFailure(output.tail) : null
    throw stepFailed(run, exit, why ?? output.complaint ?? `${planned.name} could not be made; the output says why.`)
  }
  const facts = readImageFacts(
    await readResult(place.results, `${number}.json`),
    await readResult(place.results, `${number}.user`),
  )
  requirePlatform(facts)
  return { planned, reference, facts }
}

/** What the image's script is to do, and how that is told. */
async function openOrigin(
  run: BuildRun,
  { name, origin }: PlannedImage,
): Promise<{ header: string; way: readonly [verb: string, what: string]; reference: string }> {
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

function requirePlatform({ platform }: ImageFacts): void {
  const own = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`
  if (platform === own) return
  throw new HearthError(
    'build_failed',
    `The image is made for ${platform}, and this server is ${own}: build it for that too.`,
  )
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

/** Nothing of a hostile image runs any more; what it left is read like any stranger's. */
async function keepTree(run: BuildRun, images: readonly SlugImage[]): Promise<{ checksum: string; sizeBytes: number }> {
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
  return tree
}

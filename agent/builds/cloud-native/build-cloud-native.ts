import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'smol-toml'
import { registryLogin } from '../../core/apps/platform-vars.ts'
import type { BuildpackReport, BuiltSlug } from '../../core/ports/builds/builder.ts'
import { readResult, writeConfigVars } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { makeImagePlace, setSourceAside, sourceOf } from '../images/image-place.ts'
import { keepImages } from '../images/keep-images.ts'
import { makeImage, runEngine } from '../images/make-image.ts'
import { StageTimes } from '../stage-times.ts'
import { bringBuildpacks, chooseOrder, renderOrder } from './bring-buildpacks.ts'
import { type BuilderFacts, readBuilderFacts } from './builder-facts.ts'
import { chooseBuilder } from './choose-builder.ts'
import { chooseFiles } from './choose-files.ts'
import { explainPhase } from './explain-phase.ts'
import { type LaunchMetadata, readLaunchMetadata } from './launch-metadata.ts'
import { images, inside, lifecycleScript } from './lifecycle-script.ts'
import { type PhasePlace, phases, renderPhase } from './phases.ts'
import { noDescriptor, type ProjectDescriptor, parseProjectToml } from './project-toml.ts'

/**
 * From a source to a slug that holds the image a builder of Cloud Native Buildpacks makes of it. The builder's own lifecycle runs phase by
 * phase, as https://github.com/buildpacks/spec/blob/main/platform.md says of a platform.
 */
export async function buildCloudNative(given: BuildRun): Promise<BuiltSlug> {
  const { output, request } = given
  output.header('Building on the cnb stack')
  const run = await makeImagePlace(given, { to: inside.workspace, writable: true })
  const stages = new StageTimes()
  const descriptor = await stages.time('source', () => takeSource(run))
  const { reference, chosenBy } = chooseBuilder(run, descriptor)
  const builder = await stages.time('builder', () => fetchBuilder(run, reference, chosenBy))
  const place = await stages.time('run image', () => preparePhases(run, { reference, descriptor, builder }))
  for (const phase of phases)
    await stages.time(phase.name, async () => {
      output.header(phase.title)
      await runEngine(run, phase.name, {
        words: [lifecycleScript, 'lifecycle', 'phase', ...renderPhase(phase, place)],
        complaint: (status) => explainPhase(phase, status, reference),
      })
    })
  const slug = await stages.time('slug', () => takeImage(run, { reference, builder }))
  output.detail(`Times: ${stages.render()}`)
  if (request.buildpacks.length > 0)
    output.detail(`The app's own list of buildpacks has no effect on this stack; project.toml's has.`)
  return slug
}

/** The source goes aside, without what project.toml leaves out, and with what it brings along. */
async function takeSource(run: BuildRun): Promise<ProjectDescriptor> {
  await setSourceAside(run, ['project.toml', 'Procfile'])
  const text = await readResult(sourceOf(run), 'project.toml')
  if (text === null) return noDescriptor
  return parseProjectToml(text)
}

async function fetchBuilder(run: BuildRun, reference: string, chosenBy: string): Promise<BuilderFacts> {
  const { output, place, request } = run
  output.header(`Builder ${reference} (${chosenBy})`)
  await runEngine(run, 'fetch', {
    words: [lifecycleScript, 'lifecycle', 'builder', reference],
    complaint: () => `The builder ${reference} could not be fetched; the output says why.`,
  })
  const [inspection, runToml] = [
    await readResult(place.results, 'builder.json'),
    await readResult(place.results, 'run.toml'),
  ]
  const builder = readBuilderFacts(reference, inspection, runToml)
  output.detail(describeBuilder(reference, builder, request.pins[reference]))
  output.detail(`Its lifecycle is ${builder.lifecycle ?? 'of no version that it tells'}, platform API ${builder.api}`)
  return builder
}

/** Whether it moved since the app's last build, and how to hold on to it. */
function describeBuilder(reference: string, { digest }: BuilderFacts, before: string | undefined): string {
  if (reference.includes('@')) return `Pinned to ${digest}`
  const moved = before === undefined || before === digest ? '' : `, and was ${before} in the last build`
  return `It is ${digest}${moved}\nTo stay with that one: ${reference}@${digest}`
}

/** One that is packaged as an image, as a folder of the sandbox's buildpacks. */
async function fetchBuildpack(run: BuildRun, reference: string, folder: string): Promise<string | null> {
  run.output.header(`Buildpack ${reference} (project.toml)`)
  await runEngine(run, `pack-${folder}`, {
    words: [lifecycleScript, 'lifecycle', 'buildpack', folder, reference],
    complaint: () => `The buildpack ${reference} could not be fetched, or is none; the output says why.`,
  })
  return await readResult(run.place.results, `${folder}.package.json`)
}

/** What phases find in their folders. */
async function preparePhases(
  run: BuildRun,
  { reference, descriptor, builder }: { reference: string; descriptor: ProjectDescriptor; builder: BuilderFacts },
): Promise<PhasePlace> {
  const { place, request, options, output } = run
  const { owner } = options.sandbox
  const named = [...descriptor.pre, ...descriptor.group, ...descriptor.post]
  const fetch = (image: string, folder: string) => fetchBuildpack(run, image, folder)
  const brought = await bringBuildpacks(named, { source: sourceOf(run), target: place.packs, owner, fetch })
  const order = chooseOrder(reference, descriptor, builder, brought)
  const removed = await chooseFiles(sourceOf(run), descriptor)
  if (removed > 0) output.detail(`Left out ${removed} files and folders, as project.toml says`)
  const write = (name: string, text: string) => writeFile(path.join(place.results, name), text, { mode: 0o644 })
  if (order) await write('order.toml', renderOrder(order))
  if (request.sourceVersion !== null)
    await write(
      'project-metadata.toml',
      stringify({ source: { type: 'git', version: { commit: request.sourceVersion } } }),
    )
  const { [registryLogin]: _, ...vars } = request.configVars.reveal()
  await writeConfigVars(place, { ...descriptor.environment, ...vars }, owner)
  const { id, uid, gid, api, runImages } = builder
  await runEngine(run, 'prepare', {
    words: [lifecycleScript, 'lifecycle', 'run', String(uid), String(gid), ...runImages],
    complaint: () => `The image that apps of ${reference} run on could not be fetched: ${runImages.join(', ')}.`,
  })
  const buildpacks = [...brought.values()]
    .flatMap(({ folders }) => folders)
    .map(({ from, to }) => ({ from: `${place.inside.packs}/${from}`, to }))
  return { builder: id, api, uid, gid, buildpacks, hasOwnOrder: order !== null }
}

/** The image that the exporter left, as a slug. */
async function takeImage(
  run: BuildRun,
  { reference, builder }: { reference: string; builder: BuilderFacts },
): Promise<BuiltSlug> {
  const { place, output } = run
  const layout = `${inside.layout}/${images.next.folder}`
  const facts = await makeImage(run, { number: 0, folder: 'web', way: ['layout', layout] })
  const launch = readLaunchMetadata(await readResult(place.results, '0.json'))
  await runEngine(run, 'settle', {
    words: [lifecycleScript, 'lifecycle', 'settle'],
    complaint: () => 'What the next build could use could not be kept; the output says why.',
  })
  const types = Object.entries(launch.processTypes)
  output.header('Discovering process types')
  for (const [type, command] of types) output.detail(`${type}: ${command}`)
  if (types.length === 0) output.detail('The buildpacks set none: add a Procfile, if the builder reads one')
  const { digest, environment, directory, uid, home } = facts
  const image = {
    ...{ folder: 'web', processTypes: types.map(([type]) => type), reference: `${reference}@${builder.digest}` },
    ...{ digest, environment, directory, uid, home, hasLauncher: true },
  }
  return await keepImages(run, [image], {
    processTypes: launch.processTypes,
    description: launch.buildpacks.map(({ id }) => id).join(', '),
    buildpacks: launch.buildpacks.map(({ id, version }) => `${id}@${version}`),
    reports: report(reference, builder, launch),
  })
}

function report(reference: string, builder: BuilderFacts, launch: LaunchMetadata): BuildpackReport[] {
  const { digest, lifecycle, api, runImages } = builder
  const facts = { digest, platform_api: api, run_image: runImages[0] ?? '', ...(lifecycle && { lifecycle }) }
  const packs = launch.buildpacks.map(({ id, version }) => ({ buildpack: id, facts: { version } }))
  return [{ buildpack: reference, facts }, ...packs]
}

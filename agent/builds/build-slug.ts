import type { BuiltSlug } from '../core/ports/builds/builder.ts'
import type { LayerReference } from '../core/ports/builds/slug-store.ts'
import { readResult, writeConfigVars } from './build-place.ts'
import type { BuildRun } from './build-run.ts'
import { chooseBuildpacks } from './buildpacks/choose-buildpacks.ts'
import { fetchBuildpacks } from './buildpacks/fetch-buildpacks.ts'
import { readReports } from './buildpacks/read-reports.ts'
import { runBuildpacks } from './buildpacks/run-buildpacks.ts'
import { formatMegabytes } from './disk-reserve.ts'
import { makeSlug } from './slugs/make-slug.ts'
import { discoverProcessTypes } from './slugs/process-types.ts'
import { enterProject } from './sources/enter-project.ts'
import { prepareSource } from './sources/prepare-source.ts'
import { StageTimes } from './stage-times.ts'
import { tellUnmet } from './tell-unmet.ts'

/** What lies below the slug is on the server once, however many apps share it, so it is not part of its size. */
async function tellLayers({ layers: store, output }: BuildRun, layers: readonly LayerReference[]): Promise<void> {
  if (layers.length === 0) return
  const sizes = await Promise.all(layers.map((layer) => store.measure(layer)))
  const told = layers.map(({ provider }, index) => `${provider.slice(0, 80)} (${formatMegabytes(sizes[index] ?? 0)})`)
  output.detail(`Over ${told.join(', ')}, shared with other apps`)
}

/** From source to slug. What fails throws HearthError, after the output has told it. */
export async function buildSlug(given: BuildRun): Promise<BuiltSlug> {
  const { options, request, layers, output } = given
  output.header(`Building on the ${layers.stack.name} stack`)
  const stages = new StageTimes()
  const { place, known } = await stages.time('source', async () => enterProject(given, await prepareSource(given)))
  const run = { ...given, place }
  await writeConfigVars(place, request.configVars.reveal(), options.sandbox.owner)
  await tellUnmet(run)
  const choice = await chooseBuildpacks(run)
  const fetched = await stages.time('buildpacks', () => fetchBuildpacks(run, choice))
  const { packs, runtime } = await runBuildpacks(run, choice, fetched, stages)
  const releases = await Promise.all(packs.map(({ number }) => readResult(place.results, `${number}.release`)))
  const processTypes = await discoverProcessTypes({ app: place.app, releases, output })
  const tree = await stages.time('slug', () => makeSlug(run, known))
  await tellLayers(run, runtime.layers)
  output.detail(`Built in ${stages.render()}`)
  return {
    checksum: tree.checksum,
    layers: runtime.layers,
    stack: layers.stack.id,
    sizeBytes: tree.sizeBytes,
    processTypes,
    buildpacks: packs.map((pack) => pack.reference),
    chosenBy: choice.chosenBy,
    description: packs.map((pack) => pack.name).join(', '),
    reports: await readReports(place, packs),
    images: [],
  }
}

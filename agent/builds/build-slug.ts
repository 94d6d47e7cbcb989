import type { BuiltSlug } from '../core/ports/builder.ts'
import type { LayerReference } from '../core/ports/slug-store.ts'
import { readResult, writeConfigVars } from './build-place.ts'
import type { BuildRun } from './build-run.ts'
import { chooseBuildpacks } from './buildpacks/choose-buildpacks.ts'
import { compileApp } from './buildpacks/compile-app.ts'
import { detectBuildpacks } from './buildpacks/detect-buildpacks.ts'
import { ensureLayers } from './buildpacks/ensure-layers.ts'
import { fetchBuildpacks } from './buildpacks/fetch-buildpacks.ts'
import { readReports } from './buildpacks/read-reports.ts'
import { formatMegabytes } from './disk-reserve.ts'
import { enterProject } from './enter-project.ts'
import { makeSlug } from './make-slug.ts'
import { prepareSource } from './prepare-source.ts'
import { discoverProcessTypes } from './process-types.ts'
import { StageTimes } from './stage-times.ts'

/** What lies below the slug is on the server once, however many apps share it, so it is not part of its size. */
async function tellLayers({ layers: store, output }: BuildRun, layers: readonly LayerReference[]): Promise<void> {
  if (layers.length === 0) return
  const sizes = await Promise.all(layers.map((layer) => store.measure(layer)))
  const told = layers.map(({ provider }, index) => `${provider.slice(0, 80)} (${formatMegabytes(sizes[index] ?? 0)})`)
  output.detail(`Over ${told.join(', ')}, shared with other apps`)
}

/** From source to slug. What fails throws HearthError, after the output has told it. */
export async function buildSlug(run: BuildRun): Promise<BuiltSlug> {
  const { options, request, place, layers, output } = run
  output.header(`Building on the ${layers.stack.name} stack`)
  const stages = new StageTimes()
  const known = await stages.time('source', async () => enterProject(run, await prepareSource(run)))
  await writeConfigVars(place, request.configVars.reveal(), options.sandbox.owner)
  const choice = await chooseBuildpacks(run)
  const packs = await stages.time('buildpacks', () => fetchBuildpacks(run, choice))
  const detected = await stages.time('detect', () => detectBuildpacks(run, choice, packs))
  const runtime = await stages.time('layers', () => ensureLayers(run, detected))
  await stages.time('compile', () => compileApp(run, detected, runtime))
  const releases = await Promise.all(detected.map((_, index) => readResult(place.results, `${index}.release`)))
  const processTypes = await discoverProcessTypes({ app: place.app, releases, output })
  const tree = await stages.time('slug', () => makeSlug(run, known))
  await tellLayers(run, runtime.layers)
  output.detail(`Times: ${stages.render()}`)
  return {
    checksum: tree.checksum,
    layers: runtime.layers,
    stack: layers.stack.id,
    sizeBytes: tree.sizeBytes,
    processTypes,
    buildpacks: detected.map((pack) => pack.reference),
    chosenBy: choice.chosenBy,
    description: detected.map((pack) => pack.name).join(', '),
    reports: await readReports(place, detected),
    images: [],
  }
}

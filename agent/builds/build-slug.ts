import type { BuiltSlug } from '../core/ports/builder.ts'
import { readResult, writeConfigVars } from './build-place.ts'
import type { BuildRun } from './build-run.ts'
import { chooseBuildpacks } from './buildpacks/choose-buildpacks.ts'
import { compileApp } from './buildpacks/compile-app.ts'
import { detectBuildpacks } from './buildpacks/detect-buildpacks.ts'
import { ensureLayers } from './buildpacks/ensure-layers.ts'
import { fetchBuildpacks } from './buildpacks/fetch-buildpacks.ts'
import { readReports } from './buildpacks/read-reports.ts'
import { makeSlug } from './make-slug.ts'
import { prepareSource } from './prepare-source.ts'
import { discoverProcessTypes } from './process-types.ts'

/** From source to slug. What fails throws HearthError, after the output has told it. */
export async function buildSlug(run: BuildRun): Promise<BuiltSlug> {
  const { options, request, place, output } = run
  const { layers, sandbox } = options
  output.header(`Building on the ${layers.stack.name} stack`)
  const known = await prepareSource(run)
  await writeConfigVars(place, request.configVars.reveal(), sandbox.owner)
  const choice = await chooseBuildpacks(run)
  const packs = await fetchBuildpacks(run, choice)
  const detected = await detectBuildpacks(run, choice, packs)
  const runtime = await ensureLayers(run, detected)
  await compileApp(run, detected, runtime)
  const releases = await Promise.all(detected.map((_, index) => readResult(place.results, `${index}.release`)))
  const processTypes = await discoverProcessTypes({ app: place.app, releases, output })
  const tree = await makeSlug(run, known)
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
  }
}

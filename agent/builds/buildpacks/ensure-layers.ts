import type { LayerReference } from '../../core/ports/slug-store.ts'
import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import type { StepRuntime } from '../build-step.ts'
import { ensureAptfile } from './aptfile.ts'
import type { DetectedPack } from './detect-buildpacks.ts'

/** The layers that the buildpacks name, made by the agent before any of the app's code runs. */
export async function ensureLayers(run: BuildRun, packs: readonly DetectedPack[]): Promise<StepRuntime> {
  const { output, signal, place } = run
  const progress = { output: output.text, signal }
  const [layers, buildLayers]: [LayerReference[], LayerReference[]] = [[], []]
  let needsToolchain = false
  for (const pack of packs) {
    // A buildpack that names no layers does not know of toolchains either, and expects compilers.
    const requests = (await readResult(place.results, `${pack.number}.layers`)) ?? 'toolchain'
    for (const line of requests.split('\n').map((one) => one.trim())) {
      if (line === 'toolchain') needsToolchain = true
      if (line === 'toolchain' || line === '') continue
      const request = line.replace(/^build\s+/, '')
      const layer = await run.layers.ensure(request, progress)
      if (!layer) continue
      if (request === line) layers.push(layer)
      else {
        await run.layers.keepForBuilds(layer)
        buildLayers.push(layer)
      }
    }
  }
  const wanted = await ensureAptfile(run)
  if (wanted) layers.push(wanted)
  return { layers: stackUp(layers), buildLayers: stackUp(buildLayers), needsToolchain }
}

/** The later buildpack's layer lies on top; the same layer twice would be refused by the kernel. */
function stackUp(references: readonly LayerReference[]): LayerReference[] {
  return [...new Map([...references].reverse().map((reference) => [reference.digest, reference])).values()]
}

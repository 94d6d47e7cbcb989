import type { LayerReference } from '../../core/ports/builds/slug-store.ts'
import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { bareRuntime, type StepRuntime } from '../build-step.ts'
import { ensureAptfile } from './aptfile.ts'
import type { DetectedPack } from './detect-buildpack.ts'

/** What the buildpacks so far have put over the stack. */
export interface BuildRuntime extends StepRuntime {
  /** The app's own packages, which lie on top, and the text that names them. */
  readonly aptfile: { readonly text: string; readonly layer: LayerReference | null }
}

export const emptyRuntime: BuildRuntime = { ...bareRuntime, aptfile: { text: '', layer: null } }

/** Adds the layers that a buildpack names: made by the agent before the buildpack compiles, and apart from what was built so far. */
export async function addLayers(run: BuildRun, pack: DetectedPack, below: BuildRuntime): Promise<BuildRuntime> {
  const { output, signal, place } = run
  const progress = { output: output.text, signal }
  const [layers, buildLayers]: [LayerReference[], LayerReference[]] = [[], []]
  let { needsToolchain } = below
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
  const aptfile = await addAptfile(run, below)
  if (aptfile.layer) layers.push(aptfile.layer)
  return {
    layers: stackUp(layers, below.layers),
    buildLayers: stackUp(buildLayers, below.buildLayers),
    needsToolchain,
    aptfile,
  }
}

/** An earlier buildpack may have written it. */
async function addAptfile(run: BuildRun, { aptfile }: BuildRuntime): Promise<BuildRuntime['aptfile']> {
  const text = (await readResult(run.place.app, 'Aptfile')) ?? ''
  return text === aptfile.text ? aptfile : { text, layer: await ensureAptfile(run, text) }
}

/** What comes later lies on top; the same layer twice would be refused by the kernel. */
function stackUp(added: readonly LayerReference[], below: readonly LayerReference[]): LayerReference[] {
  const all = [...[...added].reverse(), ...below]
  return [...new Map(all.map((reference) => [reference.digest, reference])).values()]
}

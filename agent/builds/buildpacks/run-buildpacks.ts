import type { BuildRun } from '../build-run.ts'
import type { StageTimes } from '../stage-times.ts'
import type { BuildpackChoice } from './choose-buildpacks.ts'
import { compileApp } from './compile-app.ts'
import { type DetectedPack, detectBuildpack } from './detect-buildpack.ts'
import { addLayers, type BuildRuntime, emptyRuntime } from './ensure-layers.ts'
import type { Pack } from './fetch-buildpacks.ts'

/** Who built the app, in order, and what lies over the stack because of them. */
export interface Compiled {
  readonly packs: readonly DetectedPack[]
  readonly runtime: BuildRuntime
}

/**
 * As on Heroku each chosen buildpack has its turn: it looks at the app as those before it left it, gets its layers, and compiles. Where
 * none is chosen there is one turn, and the first of ours that fits takes it. All turns together have the time of one build.
 */
export async function runBuildpacks(
  run: BuildRun,
  choice: BuildpackChoice,
  fetched: readonly Pack[],
  stages: StageTimes,
): Promise<Compiled> {
  const turns = choice.chosenBy === 'detection' ? [fetched] : fetched.map((pack) => [pack])
  const packs: DetectedPack[] = []
  let runtime = emptyRuntime
  let leftMs = run.options.limits.timeoutMs
  for (const candidates of turns) {
    const before = runtime
    const pack = await stages.time('detect', () => detectBuildpack(run, choice, candidates, before))
    packs.push(pack)
    runtime = await stages.time('layers', () => addLayers(run, pack, before))
    const after = { ...runtime, timeoutMs: Math.max(1000, leftMs) }
    const name = turns.length === 1 ? 'compile' : `compile by ${pack.name}`
    const started = performance.now()
    await stages.time(name, () => compileApp(run, packs, after))
    leftMs -= performance.now() - started
  }
  return { packs, runtime }
}

import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { describeKill, runStep, type StepRuntime, stepFailed } from '../build-step.ts'
import { compileScript } from './buildpack-script.ts'
import type { DetectedPack } from './detect-buildpack.ts'
import { readReports } from './read-reports.ts'

/** Runs the last of the buildpacks so far over the app. */
export async function compileApp(run: BuildRun, packs: readonly DetectedPack[], runtime: StepRuntime): Promise<void> {
  const { place, output, options } = run
  const { inside, results } = place
  const pack = packs.at(-1)
  if (!pack) return
  const directories = [inside.app, inside.cache, inside.configVars, inside.results]
  const parameters = [...directories, `${pack.number}`, pack.inside]
  const step = `compile-${pack.number}`
  const exit = await runStep(run, step, ['bash', '-c', compileScript, 'compile', ...parameters], runtime)
  if (exit.kind === 'exited' && exit.status === 0) return
  await tellReports(run, packs)
  const status = (await readResult(results, 'failed'))?.trim() || '1'
  // 128 + SIGKILL: the kernel may take just the program that was too large, and leave the rest of the unit alone.
  const kill = exit.kind === 'exited' && status === '137' ? describeKill('memory', options.limits) : null
  if (kill !== null) output.complain(kill)
  throw stepFailed(
    run,
    exit,
    kill ?? output.complaint ?? `The buildpack ${pack.reference} failed with status ${status}.`,
  )
}

/** A failed build has no release to show them with. */
async function tellReports(run: BuildRun, packs: readonly DetectedPack[]): Promise<void> {
  for (const { buildpack, facts } of await readReports(run.place, packs)) {
    run.output.header(`${buildpack} reports`)
    for (const [name, value] of Object.entries(facts)) run.output.detail(`${name}: ${value}`)
  }
}

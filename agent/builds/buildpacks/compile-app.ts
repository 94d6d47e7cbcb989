import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { describeKill, runStep, type StepRuntime, stepFailed } from '../build-step.ts'
import { compileScript } from './buildpack-script.ts'
import type { DetectedPack } from './detect-buildpacks.ts'
import { readReports } from './read-reports.ts'

/** Runs the buildpacks over the app, one after the other. */
export async function compileApp(run: BuildRun, packs: readonly DetectedPack[], runtime: StepRuntime): Promise<void> {
  const { place, output, options } = run
  const { inside, results } = place
  const directories = [inside.app, inside.cache, inside.configVars, inside.results]
  const parameters = [...directories, ...packs.map((pack) => pack.inside)]
  const exit = await runStep(run, 'compile', ['bash', '-c', compileScript, 'compile', ...parameters], runtime)
  if (exit.kind === 'exited' && exit.status === 0) return
  await tellReports(run, packs)
  const [number = '0', status = '1'] = ((await readResult(results, 'failed')) ?? '').trim().split(' ')
  const pack = packs[Number(number)]
  // 128 + SIGKILL: the kernel may take just the program that was too large, and leave the rest of the unit alone.
  if (exit.kind === 'exited' && status === '137') output.complain(describeKill('memory', options.limits))
  throw stepFailed(run, exit, output.complaint ?? `The buildpack ${pack?.reference} failed with status ${status}.`)
}

/** A failed build has no release to show them with. */
async function tellReports(run: BuildRun, packs: readonly DetectedPack[]): Promise<void> {
  for (const { buildpack, facts } of await readReports(run.place, packs)) {
    run.output.header(`${buildpack} reports`)
    for (const [name, value] of Object.entries(facts)) run.output.detail(`${name}: ${value}`)
  }
}

import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { describeKill, runStep, type StepRuntime, stepFailed } from '../build-step.ts'
import { compileScript } from './buildpack-script.ts'
import type { DetectedPack } from './detect-buildpacks.ts'

/** Runs the buildpacks over the app, one after the other. */
export async function compileApp(run: BuildRun, packs: readonly DetectedPack[], runtime: StepRuntime): Promise<void> {
  const { place, output, options } = run
  const { inside, results } = place
  const directories = [inside.app, inside.cache, inside.configVars, inside.results]
  const parameters = [...directories, ...packs.map((pack) => pack.inside)]
  const exit = await runStep(run, 'compile', ['bash', '-c', compileScript, 'compile', ...parameters], runtime)
  if (exit.kind === 'exited' && exit.status === 0) return
  const [number = '0', status = '1'] = ((await readResult(results, 'failed')) ?? '').trim().split(' ')
  const pack = packs[Number(number)]
  // 128 + SIGKILL: the kernel may take just the program that was too large, and leave the rest of the unit alone.
  if (exit.kind === 'exited' && status === '137') output.complain(describeKill('memory', options.limits))
  throw stepFailed(exit, output.complaint ?? `The buildpack ${pack?.reference} failed with status ${status}.`)
}

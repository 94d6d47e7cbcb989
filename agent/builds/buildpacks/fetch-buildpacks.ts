import path from 'node:path'
import type { BuildRun } from '../build-run.ts'
import { runStep, stepFailed } from '../build-step.ts'
import { builtIns, fetchBuildpack, findBuildpackRoot, parseBuildpack } from './buildpack.ts'
import { cloneScript } from './buildpack-script.ts'

/** A buildpack's files, ready to run. */
export interface Pack {
  readonly reference: string
  /** On the machine. */
  readonly directory: string
  readonly inside: string
}

/** The buildpacks that were chosen, or all of ours to choose from. */
export async function fetchBuildpacks(run: BuildRun): Promise<Pack[]> {
  const { place, output } = run
  const chosen = run.request.buildpacks
  const references = chosen.length > 0 ? chosen : builtIns.map(({ name }) => name)
  const packs: Pack[] = []
  for (const [index, reference] of references.entries()) {
    if (chosen.length > 0) output.header(`Using buildpack: ${reference}`)
    const directory = await fetchOne(run, reference, index)
    packs.push({ reference, directory, inside: path.join(place.inside.packs, path.relative(place.packs, directory)) })
  }
  return packs
}

async function fetchOne(run: BuildRun, reference: string, index: number): Promise<string> {
  const { options, place, signal } = run
  const target = path.join(place.packs, `${index}`)
  const source = parseBuildpack(reference)
  if (source.kind === 'git') await clone(run, source, index)
  else {
    const { buildpackDirectory: builtInDirectory, sandbox, allowsOwnAddresses } = options
    await fetchBuildpack(source, target, { builtInDirectory, owner: sandbox.owner, signal, allowsOwnAddresses })
  }
  return findBuildpackRoot(target)
}

async function clone(run: BuildRun, { url, ref }: { url: string; ref: string }, index: number): Promise<void> {
  const target = path.join(run.place.inside.packs, `${index}`)
  const exit = await runStep(run, 'clone', ['bash', '-c', cloneScript, 'clone', url, ref, target])
  if (exit.kind === 'exited' && exit.status === 0) return
  throw stepFailed(exit, `The buildpack ${url} could not be fetched${ref ? ` at ${ref}` : ''}.`)
}

import path from 'node:path'
import { builtIns } from '../../contract/built-in-buildpacks.ts'
import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { runStep, stepFailed } from '../build-step.ts'
import { type BuildpackPlace, fetchBuildpack, findBuildpackRoot, parseBuildpack } from './buildpack.ts'
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
    const source = parseBuildpack(reference)
    if (chosen.length > 0) output.header(`Using buildpack: ${reference}`)
    const directory = await fetchOne(run, source, index)
    packs.push({ reference, directory, inside: path.join(place.inside.packs, path.relative(place.packs, directory)) })
  }
  return packs
}

async function fetchOne(run: BuildRun, source: BuildpackPlace, index: number): Promise<string> {
  const { options, place, signal } = run
  const target = path.join(place.packs, `${index}`)
  if (source.kind === 'git') await clone(run, source, index)
  else {
    const { buildpackDirectory: builtInDirectory, sandbox, allowsOwnAddresses } = options
    await fetchBuildpack(source, target, { builtInDirectory, owner: sandbox.owner, signal, allowsOwnAddresses })
  }
  return findBuildpackRoot(target)
}

async function clone(run: BuildRun, { url, ref }: { url: string; ref: string }, index: number): Promise<void> {
  const { inside, results } = run.place
  const complaints = `${index}.clone`
  const parameters = [url, ref, path.join(inside.packs, `${index}`), path.join(inside.results, complaints)]
  const exit = await runStep(run, 'clone', ['bash', '-c', cloneScript, 'clone', ...parameters])
  if (exit.kind === 'exited' && exit.status === 0) return
  const said = ((await readResult(results, complaints)) ?? '').trim()
  run.output.detail(said)
  const noRef = `The buildpack ${url} has no branch, tag or commit '${ref}'. Check what stands behind # in its address.`
  if (exit.kind === 'exited' && exit.status === 3) throw stepFailed(exit, noRef)
  const why =
    said
      .split('\n')
      .at(-1)
      ?.replace(/^fatal:\s*/, '') || 'git failed'
  throw stepFailed(
    exit,
    `The buildpack ${url} could not be fetched: ${why.slice(0, 300)}. Check its address, and that builds reach it; where it is on the server's local network, HEARTH_BUILD_ALLOW has to name it.`,
  )
}

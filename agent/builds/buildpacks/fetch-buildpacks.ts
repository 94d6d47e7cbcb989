import path from 'node:path'
import { builtIns } from '../../contract/builds/built-in-buildpacks.ts'
import { toHarmlessText, toPlainLine } from '../../core/logs/plain-text.ts'
import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { runStep, stepFailed } from '../build-step.ts'
import { type BuildpackPlace, fetchBuildpack, findBuildpackRoot, parseBuildpack } from './buildpack.ts'
import { describePin } from './buildpack-pin.ts'
import { cloneScript } from './buildpack-script.ts'
import type { BuildpackChoice } from './choose-buildpacks.ts'

/** A buildpack's files, ready to run. */
export interface Pack {
  /** Its place among those that were fetched, from 0; what it says stands under that. */
  readonly number: number
  readonly reference: string
  /** On the machine. */
  readonly directory: string
  readonly inside: string
  /** The commit of a repository, or the digest of an archive (`sha256:...`), that it is; null for what the server has itself. */
  readonly pin: string | null
}

/** The buildpacks that were chosen, or all of ours to choose from. */
export async function fetchBuildpacks(run: BuildRun, { references: chosen }: BuildpackChoice): Promise<Pack[]> {
  const { place, output } = run
  const references = chosen.length > 0 ? chosen : builtIns.map(({ name }) => name)
  const packs: Pack[] = []
  for (const [index, reference] of references.entries()) {
    const source = parseBuildpack(reference)
    if (chosen.length > 0) output.header(`Using buildpack: ${reference}`)
    const pin = await fetchOne(run, source, index)
    if (pin !== null) output.detail(describePin(reference, pin, run.request.pins[reference]))
    const directory = await findBuildpackRoot(path.join(place.packs, `${index}`))
    const inside = path.join(place.inside.packs, path.relative(place.packs, directory))
    packs.push({ number: index, reference, directory, inside, pin })
  }
  return packs
}

/** Fills `packs/<index>` and says which state of its source that is. */
async function fetchOne(run: BuildRun, source: BuildpackPlace, index: number): Promise<string | null> {
  if (source.kind === 'git') return clone(run, source, index)
  const { buildpackDirectory: builtInDirectory, sandbox, allowsOwnAddresses } = run.options
  const target = path.join(run.place.packs, `${index}`)
  return fetchBuildpack(source, target, {
    builtInDirectory,
    owner: sandbox.owner,
    signal: run.signal,
    allowsOwnAddresses,
  })
}

async function clone(run: BuildRun, { url, ref }: { url: string; ref: string }, index: number): Promise<string | null> {
  const { inside, results } = run.place
  const [complaints, commit] = [`${index}.clone`, `${index}.commit`]
  const files = [complaints, commit].map((name) => path.join(inside.results, name))
  const parameters = [url, ref, path.join(inside.packs, `${index}`), ...files]
  const exit = await runStep(run, 'clone', ['bash', '-c', cloneScript, 'clone', ...parameters])
  if (exit.kind === 'exited' && exit.status === 0) return (await readResult(results, commit))?.trim() || null
  const said = toHarmlessText((await readResult(results, complaints)) ?? '').trim()
  run.output.detail(said)
  const noRef = `The buildpack ${url} has no branch, tag or commit '${ref}'. Check what stands behind # in its address.`
  if (exit.kind === 'exited' && exit.status === 3) throw stepFailed(run, exit, noRef)
  const why =
    said
      .split('\n')
      .at(-1)
      ?.replace(/^fatal:\s*/, '') || 'git failed'
  throw stepFailed(
    run,
    exit,
    `The buildpack ${url} could not be fetched: ${toPlainLine(why, 300)}. Check its address, and that builds reach it; where it is on the server's local network, HEARTH_BUILD_ALLOW has to name it.`,
  )
}

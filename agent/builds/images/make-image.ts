import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { runStep, stepFailed } from '../build-step.ts'
import { explainImageFailure } from './explain-failure.ts'
import { type ImageFacts, readImageFacts } from './image-facts.ts'
import { imageScript } from './image-script.ts'

export interface ImageOrder {
  readonly number: number
  /** Of the slug's tree. */
  readonly folder: string
  /** By a Dockerfile of the source, from a registry, or from a folder with the layout of the OCI; then what by name. */
  readonly way: readonly ['build' | 'pull' | 'layout', string]
  /** Values of `ARG`. */
  readonly buildArguments?: Readonly<Record<string, string>>
}

/** What podman said of the image is a result of the build: `<number>.json`. */
export async function makeImage(run: BuildRun, order: ImageOrder): Promise<ImageFacts> {
  const { place, output } = run
  const { number, folder, way, buildArguments = {} } = order
  const words = Object.entries(buildArguments).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`])
  const argumentFile = path.join(place.results, `${number}.arguments`)
  await writeFile(argumentFile, words.map((word) => `${word}\0`).join(''), { mode: 0o644 })
  await runEngine(run, `image-${number}`, {
    words: [imageScript, 'image', String(number), folder, ...way],
    complaint: () => output.complaint ?? `${folder} could not be made; the output says why.`,
  })
  const facts = readImageFacts(
    await readResult(place.results, `${number}.json`),
    await readResult(place.results, `${number}.user`),
  )
  requirePlatform(facts)
  return facts
}

/** One script with podman in the sandbox. `complaint`: what to say of a status other than 0 that podman's own words do not explain. */
export async function runEngine(
  run: BuildRun,
  step: string,
  { words, complaint }: { words: readonly string[]; complaint: (status: number) => string },
): Promise<void> {
  const exit = await runStep(run, step, ['bash', '-c', ...words])
  if (exit.kind === 'exited' && exit.status === 0) return
  const why = exit.kind === 'exited' ? (explainImageFailure(run.output.tail) ?? complaint(exit.status)) : null
  throw stepFailed(run, exit, why)
}

function requirePlatform({ platform }: ImageFacts): void {
  const own = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`
  if (platform === own) return
  throw new HearthError(
    'build_failed',
    `The image is made for ${platform}, and this server is ${own}: build it for that too.`,
  )
}

import { builtIns } from '../../contract/builds/built-in-buildpacks.ts'
import { HearthError } from '../../contract/errors.ts'
import { cnbStack, containerStack } from '../../core/builds/image-reference.ts'
import { toHarmlessText, toPlainLine } from '../../core/logs/plain-text.ts'
import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { runStep, type StepRuntime, stepFailed } from '../build-step.ts'
import { findProjects } from '../sources/find-projects.ts'
import { detectScript } from './buildpack-script.ts'
import type { BuildpackChoice } from './choose-buildpacks.ts'
import type { Pack } from './fetch-buildpacks.ts'
import { findSigns } from './recognition.ts'

/** Characters of what detect printed. */
const maximumName = 100

export interface DetectedPack extends Pack {
  /** What detect printed: `Node.js`. */
  readonly name: string
  /** What is known of how it came to take this app, for whoever looks at the release: by which files, and who would have taken it too. */
  readonly facts: Readonly<Record<string, string>>
}

/** Who of the candidates takes the app as it is now: the one that was chosen, which must, or the first of ours that fits. */
export async function detectBuildpack(
  run: BuildRun,
  { chosenBy }: BuildpackChoice,
  candidates: readonly Pack[],
  runtime: StepRuntime,
): Promise<DetectedPack> {
  const { inside, results, app } = run.place
  const number = candidates[0]?.number ?? 0
  const parameters = [
    inside.app,
    inside.configVars,
    inside.results,
    `${number}`,
    ...candidates.map((pack) => pack.inside),
  ]
  const exit = await runStep(run, `detect-${number}`, ['bash', '-c', detectScript, 'detect', ...parameters], runtime)
  if (exit.kind !== 'exited' || exit.status !== 0) throw stepFailed(run, exit, run.output.complaint)
  const detected: DetectedPack[] = []
  for (const pack of candidates) {
    if (Number((await readResult(results, `${pack.number}.status`)) ?? 1) !== 0) continue
    const [named = ''] = ((await readResult(results, `${pack.number}.name`)) ?? '').trim().split('\n')
    const signs = (await findSigns(app, pack.reference)).join(', ')
    detected.push({ ...pack, name: toPlainLine(named, maximumName) || pack.reference, facts: factsOf(pack, signs) })
  }
  const [first, ...others] = detected
  const [chosen] = candidates
  if (!first) throw await (chosen && chosenBy !== 'detection' ? refuseApp(run, chosen) : refuseUnknown(run))
  const taken = tellChoice(run, first, others)
  run.output.bytes(Buffer.from((await readResult(results, `${taken.number}.said`)) ?? ''))
  if ((await readResult(results, 'failed')) !== null) throw stepFailed(run, exit, run.output.complaint)
  return taken
}

function factsOf({ pin }: Pack, signs: string): Record<string, string> {
  return {
    ...(pin === null ? {} : { [pin.startsWith('sha256:') ? 'archive' : 'commit']: pin }),
    ...(signs === '' ? {} : { recognised_by: signs }),
  }
}

/** An app may well be of two languages; which of them is meant is for its owner to say. */
function tellChoice({ output }: BuildRun, taken: DetectedPack, all: readonly DetectedPack[]): DetectedPack {
  output.header(`${taken.name} app detected`)
  if (taken.facts.recognised_by) output.detail(`By its ${taken.facts.recognised_by}`)
  const others = all.filter(({ reference }) => !builtIns.some((one) => one.name === reference && one.isLastResort))
  if (others.length === 0) return taken
  const describe = ({ name, facts }: DetectedPack) => (facts.recognised_by ? `${name} (${facts.recognised_by})` : name)
  const also = others.map(describe).join(', ')
  output.detail(`It also looks like ${also}. The first in the order of languages was taken.`)
  const names = [...others, taken].map(({ reference }) => reference)
  output.detail(
    `To have another, or several one after the other, choose buildpacks in the settings: ${names.join(', ')}`,
  )
  return { ...taken, facts: { ...taken.facts, also_fits: also } }
}

async function refuseApp({ place, output }: BuildRun, pack: Pack): Promise<HearthError> {
  const why = toHarmlessText((await readResult(place.results, `${pack.number}.error`)) ?? '').trim()
  const headline = `The buildpack ${pack.reference} does not fit this app.`
  output.complain(`${headline}\n${why || "Remove it in the app's settings, or change the app."}`)
  return new HearthError('build_failed', headline)
}

async function refuseUnknown({ output, place }: BuildRun): Promise<HearthError> {
  const projects = await findProjects(place.app)
  const [first] = projects
  const found = await findImageFile(place.app)
  if (found !== null) {
    const { file, stack } = found
    const message = `No buildpack recognises this app, but there is a ${file}. To build an image by it, set the app's stack to ${stack}, with heroku stack:set ${stack}, and deploy again.`
    output.complain(message)
    return new HearthError('build_failed', message)
  }
  if (first) {
    const told = `There are apps below its top folder: ${projects.map((one) => `${one.path} (${one.language})`).join(', ')}.`
    const advice = `Say which of them this app is, then deploy again: heroku config:set PROJECT_PATH=${first.path}`
    output.complain(`No buildpack recognises this app.\n${told}\n${advice}`)
    return new HearthError('build_failed', `No buildpack recognises this app. ${told} ${advice}`)
  }
  const signs = builtIns.map(({ language, recognisedBy }) => `${language} by ${recognisedBy}`)
  output.complain(
    `No buildpack recognises this app.\nIn its top folder, ${signs.join('; ')}. Check that it is there and not ignored.`,
  )
  return new HearthError(
    'build_failed',
    `No buildpack recognises this app. Choose one in the settings, or check its top folder: ${signs.join('; ')}.`,
  )
}

const imageFiles = [
  [containerStack, 'heroku.yml'],
  [containerStack, 'Dockerfile'],
  [cnbStack, 'project.toml'],
] as const

/** What an image would be made by, on another stack. */
async function findImageFile(app: string): Promise<{ file: string; stack: string } | null> {
  for (const [stack, file] of imageFiles) if ((await readResult(app, file)) !== null) return { file, stack }
  return null
}

import { load } from 'js-yaml'
import { z } from 'zod'
import { configVarName } from '../../contract/apps/config-vars.ts'
import { processType } from '../../contract/common.ts'
import { HearthError } from '../../contract/errors.ts'
import type { SourceSetup } from '../../core/ports/builds/builder.ts'
import { quoteWords } from '../../core/shell-words.ts'
import { readDeclared, readSourcePath } from './declared.ts'

/** Which images an app is made of, and what its process types run in them. */
export interface ImagePlan {
  readonly images: readonly PlannedImage[]
  /** `command` null: what the image itself says. `image` is the name of one of the images. */
  readonly processTypes: readonly { readonly type: string; readonly image: string; readonly command: string | null }[]
  /** Values of `ARG`. */
  readonly buildArguments: Readonly<Record<string, string>>
  /** What of the file nothing follows from, as sentences. */
  readonly notes: readonly string[]
}

export interface PlannedImage {
  readonly name: string
  readonly origin: ImageOrigin
}

export type ImageOrigin =
  /** In the source; its folder is what `COPY` reaches. */
  | { readonly kind: 'dockerfile'; readonly file: string }
  | { readonly kind: 'registry'; readonly reference: string }
  /** By its id, as it was pushed to the app. */
  | { readonly kind: 'pushed'; readonly id: string }

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const command = z.union([scalar, z.array(scalar)]).transform((given) => (Array.isArray(given) ? given : [given]))
const runEntry = z.union([
  command.transform((words) => ({ command: words, image: undefined })),
  z.looseObject({ command, image: z.string().optional() }),
])

const addOn = z.union([z.string().transform((plan) => ({ plan })), z.looseObject({ plan: z.string() })])

/** Source: https://devcenter.heroku.com/articles/build-docker-images-heroku-yml */
const herokuYml = z.looseObject({
  setup: z
    .looseObject({ config: z.record(configVarName, scalar).nullish(), addons: z.array(addOn).nullish() })
    .nullish(),
  build: z.looseObject({
    docker: z.record(processType, z.string()),
    config: z.record(z.string().regex(/^\w{1,200}$/, 'is no name of an ARG'), scalar).nullish(),
  }),
  release: z.looseObject({ command: command.optional(), image: z.string().optional() }).nullish(),
  run: z.record(processType, runEntry).nullish(),
})
type HerokuYml = z.infer<typeof herokuYml>
const format = { name: 'YAML', parse: load, schema: herokuYml, refuse }

/** An app with a Dockerfile and nothing else: its own command is the web process. */
export const bareDockerfile: ImagePlan = {
  images: [{ name: 'web', origin: { kind: 'dockerfile', file: 'Dockerfile' } }],
  processTypes: [{ type: 'web', image: 'web', command: null }],
  buildArguments: {},
  notes: [],
}

/** Throws `build_failed`, saying what is wrong with the file. */
export function parseHerokuYml(text: string): ImagePlan {
  const { setup, build, release, run } = readDeclared(text, format)
  const images = Object.entries(build.docker).map(([name, file]) => {
    return { name, origin: { kind: 'dockerfile' as const, file: checkPath(file) } }
  })
  const processTypes = listProcessTypes({ build, run })
  if (release?.command)
    processTypes.push({ type: 'release', image: release.image ?? 'web', command: joinCommand(release.command) })
  for (const { type, image } of processTypes)
    if (!images.some(({ name }) => name === image))
      throw refuse(`${type} is to run in the image ${image}, which build.docker does not name`)
  return { images, processTypes, buildArguments: build.config ?? {}, notes: noteSetup(setup) }
}

/** What the file wants done once, when an app is made from it. Throws `build_failed`, saying what is wrong with the file. */
export function parseSetup(text: string): SourceSetup {
  const { setup } = readDeclared(text, format)
  return { configVars: setup?.config ?? {}, addOns: (setup?.addons ?? []).map(({ plan }) => plan) }
}

/** Those that `run` names, and images that it does not name with what they say themselves. */
function listProcessTypes({ build, run }: Pick<HerokuYml, 'build' | 'run'>) {
  const types = Object.entries(run ?? {}).map(([type, entry]) => {
    const image = entry.image ?? type
    return { type, image, command: joinCommand(entry.command) as string | null }
  })
  for (const name of Object.keys(build.docker))
    if (!types.some(({ type }) => type === name)) types.push({ type: name, image: name, command: null })
  return types
}

/** A list is one command line for a shell and its parts, as at Heroku, where one of one part is a whole command line. */
function joinCommand(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : quoteWords(words)
}

function checkPath(file: string): string {
  const path = readSourcePath(file)
  if (path === null) throw refuse(`the Dockerfile ${file} is not in the source`)
  return path
}

function noteSetup(setup: HerokuYml['setup']): string[] {
  const names = Object.keys(setup?.config ?? {})
  return [
    ...(names.length > 0
      ? [`setup.config is for new apps; set what is missing as config vars: ${names.join(', ')}`]
      : []),
    ...(setup?.addons?.length ? ['setup.addons is left to you: add-ons are not made by a build'] : []),
  ]
}

function refuse(why: string): HearthError {
  return new HearthError('build_failed', `heroku.yml can't be followed: ${why}.`)
}

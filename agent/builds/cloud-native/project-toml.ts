import { parse } from 'smol-toml'
import { z } from 'zod'
import { HearthError } from '../../contract/errors.ts'
import { isImageReference } from '../../core/builds/image-reference.ts'
import { readDeclared, readSourcePath } from '../images/declared.ts'

/** A buildpack that project.toml names. */
export type NamedBuildpack =
  /** One that the builder has; `version` null: the one it has. */
  | { readonly kind: 'builder'; readonly id: string; readonly version: string | null }
  /** A folder of the source. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** Packaged as an image, which a registry has. */
  | { readonly kind: 'image'; readonly reference: string }
  /** Written in project.toml itself. */
  | {
      readonly kind: 'script'
      readonly id: string
      readonly api: string
      readonly shell: string
      readonly inline: string
    }

/** What a source's project.toml asks for: https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md */
export interface ProjectDescriptor {
  /** An image's name; null leaves it to the app and the server. */
  readonly builder: string | null
  /** In place of the builder's own order, when there are any. */
  readonly group: readonly NamedBuildpack[]
  /** Before and after those of each group. */
  readonly pre: readonly NamedBuildpack[]
  readonly post: readonly NamedBuildpack[]
  /** For buildpacks; the app's config vars are stronger. */
  readonly environment: Readonly<Record<string, string>>
  /** Patterns as in .gitignore. Null: everything is included. */
  readonly include: readonly string[] | null
  readonly exclude: readonly string[]
}

export const noDescriptor: ProjectDescriptor = {
  builder: null,
  group: [],
  pre: [],
  post: [],
  environment: {},
  include: null,
  exclude: [],
}

const script = z.strictObject({ api: z.string(), shell: z.string().nullish(), inline: z.string() })
const entry = z.strictObject({
  id: z.string().nullish(),
  version: z.string().nullish(),
  uri: z.string().nullish(),
  script: script.nullish(),
})
type Entry = z.infer<typeof entry>
const group = z.array(entry).nullish()

const section = z.strictObject({
  'schema-version': z.string().nullish(),
  builder: z.string().nullish(),
  include: z.array(z.string()).nullish(),
  exclude: z.array(z.string()).nullish(),
  group,
  pre: z.strictObject({ group }).nullish(),
  post: z.strictObject({ group }).nullish(),
  build: z
    .strictObject({
      env: z.array(z.strictObject({ name: z.string().regex(/^\w{1,200}$/), value: z.string() })).nullish(),
    })
    .nullish(),
})
/** Tables of others are none of ours. */
const file = z.looseObject({
  _: z.looseObject({ 'schema-version': z.string().nullish() }).nullish(),
  io: z.looseObject({ buildpacks: section.nullish() }).nullish(),
})

const format = { name: 'TOML', parse, schema: file, refuse }

/** Throws `build_failed`, saying what is wrong with the file. */
export function parseProjectToml(text: string): ProjectDescriptor {
  const read = readDeclared(text, format)
  const version = read._?.['schema-version']
  if (version !== '0.2')
    throw refuse(
      `[_] schema-version is ${version ? `"${version}"` : 'missing'}, and Hearth reads "0.2": put [_] and schema-version = "0.2" at its top, and buildpacks below [io.buildpacks]`,
    )
  const own = read.io?.buildpacks
  if (!own) return noDescriptor
  if (own.include && own.exclude) throw refuse('it has both include and exclude; keep one of them')
  return {
    builder: own.builder ?? null,
    group: (own.group ?? []).map(nameBuildpack),
    pre: (own.pre?.group ?? []).map(nameBuildpack),
    post: (own.post?.group ?? []).map(nameBuildpack),
    environment: Object.fromEntries((own.build?.env ?? []).map(({ name, value }) => [name, value])),
    include: own.include ?? null,
    exclude: own.exclude ?? [],
  }
}

function nameBuildpack({ id, version, uri, script }: Entry): NamedBuildpack {
  if (script) {
    if (!id) throw refuse('a buildpack with a script has no id')
    return { kind: 'script', id: checkId(id), api: script.api, shell: script.shell ?? '/bin/sh', inline: script.inline }
  }
  if (uri) return readUri(uri)
  if (!id) throw refuse('a buildpack has neither id, uri nor script')
  return { kind: 'builder', id: checkId(id), version: version ?? null }
}

/** `urn:cnb:builder:heroku/nodejs@3.2.1`, `docker://registry.example/nodejs:3`, or a folder of the source: `./buildpacks/own`. */
function readUri(uri: string): NamedBuildpack {
  const [, id, version] = /^(?:urn:cnb:builder:|from=builder:)([^@]+)(?:@(.+))?$/.exec(uri) ?? []
  if (id) return { kind: 'builder', id: checkId(id), version: version ?? null }
  const [, reference] = /^docker:\/\/(.+)$/.exec(uri) ?? []
  if (reference && isImageReference(reference)) return { kind: 'image', reference }
  const named = uri.replace(/^file:(?:\/\/)?/, '')
  const folder = /^[a-z][a-z0-9+.-]*:/.test(named) ? null : readSourcePath(named)
  if (folder !== null) return { kind: 'folder', folder }
  throw refuse(
    `the buildpack ${uri.slice(0, 200)} can't be had. Name one that the builder has by its id, an image with one (docker://registry.example/own:1), or a folder of the source (./buildpacks/own)`,
  )
}

/** Ids become names of folders. */
function checkId(id: string): string {
  if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(id) && !id.split('/').includes('..') && id.length <= 200) return id
  throw refuse(`"${id.slice(0, 100)}" is no id of a buildpack; one looks like heroku/nodejs`)
}

function refuse(why: string): HearthError {
  return new HearthError('build_failed', `project.toml can't be followed: ${why}.`)
}

import { constants } from 'node:fs'
import { chown, lstat, mkdir, open, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import type { SandboxBind, SandboxRunner } from '../core/ports/builds/sandbox.ts'
import { removeTree } from './trees/remove-tree.ts'

/** What a buildpack may print for us to read; more than that is cut. */
const maximumResultBytes = 256 * 1024

/** The folders of one build, on the machine and as the sandbox sees them. */
export interface BuildPlace {
  readonly id: string
  readonly directory: string
  /** On the machine. `slug` holds `top`, so that the slug store can take it over as it is. */
  readonly slug: string
  /** All that is deployed. */
  readonly top: string
  /** What is built: the same, or the folder of it that is the app. */
  readonly app: string
  readonly packs: string
  readonly results: string
  readonly configVars: string
  readonly scratch: string
  readonly cache: string
  /** In the sandbox. */
  readonly inside: {
    readonly top: string
    readonly app: string
    readonly packs: string
    readonly results: string
    readonly configVars: string
    readonly cache: string
    readonly node: string
  }
  readonly binds: readonly SandboxBind[]
}

export interface PlaceOptions {
  readonly id: string
  readonly buildDirectory: string
  readonly cache: string
  readonly sandbox: SandboxRunner
  /** A Node for buildpacks that are written in JavaScript. */
  readonly nodePath: string
}

export async function makeBuildPlace(options: PlaceOptions): Promise<BuildPlace> {
  const { id, buildDirectory, cache, sandbox, nodePath } = options
  const directory = path.join(buildDirectory, id)
  await removeTree(directory)
  await mkdir(directory, { recursive: true, mode: 0o711 })
  const at = (name: string) => path.join(directory, name)
  const slug = at('slug')
  const app = path.join(slug, 'app')
  const outside = { app, packs: at('packs'), results: at('results'), configVars: at('config-vars'), cache }
  await mkdir(slug, { mode: 0o711 })
  await mkdir(at('scratch'), { mode: 0o711 })
  for (const folder of Object.values(outside)) await makeOwned(folder, sandbox)
  const inside = sandbox.hasOwnRoot
    ? {
        app: '/app',
        packs: '/hearth/packs',
        results: '/hearth/results',
        configVars: '/hearth/config-vars',
        cache: '/hearth/cache',
        node: '/hearth/node',
      }
    : { ...outside, node: nodePath }
  const writable = (['app', 'packs', 'results', 'configVars', 'cache'] as const).map((name) => ({
    from: outside[name],
    to: inside[name],
    writable: true,
  }))
  const binds = [...writable, { from: nodePath, to: inside.node, writable: false }]
  const tops = { top: app, inside: { ...inside, top: inside.app } }
  return { id, directory, slug, scratch: at('scratch'), ...outside, ...tops, binds }
}

/** The same place, in which a folder of what is deployed is the app: `services/api`. */
export function enterFolder(place: BuildPlace, folder: string): BuildPlace {
  const inside = { ...place.inside, app: path.join(place.inside.top, folder) }
  return { ...place, app: path.join(place.top, folder), inside }
}

/** Throws `build_failed` when a build has put something else where its app was: what is read there would not be the app's. */
export async function requireApp({ top, app }: BuildPlace): Promise<void> {
  let folder = top
  for (const name of path.relative(top, app).split('/').filter(Boolean)) {
    folder = path.join(folder, name)
    if (!(await lstat(folder).catch(() => null))?.isDirectory())
      throw new HearthError('build_failed', `The build took away ${path.relative(top, folder)}, the folder of its app.`)
  }
}

async function makeOwned(folder: string, { owner }: SandboxRunner): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (owner) await chown(folder, owner.uid, owner.gid)
}

/** One file per config var, the classic interface's way; never in the environment. */
export async function writeConfigVars(
  place: BuildPlace,
  vars: Readonly<Record<string, string>>,
  owner: SandboxRunner['owner'],
): Promise<void> {
  for (const [name, value] of Object.entries(vars)) {
    if (!/^\w{1,200}$/.test(name)) continue
    const file = path.join(place.configVars, name)
    await writeFile(file, value, { mode: 0o600 })
    if (owner) await chown(file, owner.uid, owner.gid)
  }
}

/** Text that a buildpack wrote; null when there is none. The writer is not trusted: no links, no endless files. */
export async function readResult(directory: string, name: string): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(path.join(directory, name), flags).catch(() => null)
  if (!file) return null
  try {
    if (!(await file.stat()).isFile()) return null
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maximumResultBytes), 0, maximumResultBytes, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

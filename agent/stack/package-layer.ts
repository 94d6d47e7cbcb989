import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { cp, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { HearthError } from '../contract/errors.ts'
import { runCommand, startCommand } from '../exec/command.ts'
import type { LayerRequest } from './layer-request.ts'
import type { NpmRegistry, PackageVersion } from './npm-registry.ts'

/** What a layer of packages is made of, and so what its digest is over. */
export interface PackageRecipe {
  readonly kind: 'package'
  /** `node 24.21.0` */
  readonly provider: string
  /** Below usr/local/hearth. */
  readonly folder: string
  readonly packages: readonly PackageVersion[]
}

const home = 'usr/local/hearth'

/** The npm that each line of Node came with; the Node package holds none. */
function bundledNpm(nodeVersion: string): string {
  const major = Number(nodeVersion.split('.')[0])
  if (major >= 24) return '11.x'
  if (major >= 18) return '10.x'
  return major >= 16 ? '8.x' : '6.x'
}

export async function resolvePackages(
  request: LayerRequest & { kind: 'package' },
  registry: NpmRegistry,
  signal: AbortSignal,
): Promise<PackageRecipe> {
  const { runtime, range } = request
  const packages =
    runtime === 'node'
      ? await resolveNode(range, registry, signal)
      : [await resolveTool(runtime, range, registry, signal)]
  const name = `${runtime} ${packages[0]?.version}`
  return { kind: 'package', provider: name, folder: name.replace(' ', '-'), packages }
}

async function resolveNode(range: string, registry: NpmRegistry, signal: AbortSignal): Promise<PackageVersion[]> {
  // The list of this architecture: older exact versions are not there for every one.
  const node = await registry.resolve(`node-linux-${process.arch}`, range, signal)
  const npm = await registry.resolve('npm', bundledNpm(node.version), signal)
  return [node, npm]
}

async function resolveTool(
  runtime: 'npm' | 'pnpm' | 'yarn',
  range: string,
  registry: NpmRegistry,
  signal: AbortSignal,
): Promise<PackageVersion> {
  if (runtime !== 'yarn') return registry.resolve(runtime, range, signal)
  // From version 2 on, Yarn is published under another name.
  const isClassic = /^[v=^~\s]*[01](\.|$)/.test(range)
  return registry.resolve(isClassic ? 'yarn' : '@yarnpkg/cli-dist', range, signal)
}

/** Fills `root` with `usr/local/hearth/<folder>/{bin,lib,...}`. */
export async function installPackages(
  recipe: PackageRecipe,
  root: string,
  registry: NpmRegistry,
  signal: AbortSignal,
): Promise<void> {
  const target = path.join(root, home, recipe.folder)
  await mkdir(path.join(target, 'bin'), { recursive: true })
  for (const wanted of recipe.packages) {
    const unpacked = path.join(root, `.${wanted.name.replaceAll('/', '+')}`)
    await unpackPackage(wanted, unpacked, registry, signal)
    if (wanted.name.startsWith('node-linux-')) await placeNode(unpacked, target)
    else await placeTool(wanted, unpacked, target)
    await rm(unpacked, { recursive: true, force: true })
  }
}

async function unpackPackage(
  wanted: PackageVersion,
  target: string,
  registry: NpmRegistry,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(target, { recursive: true })
  // The archive's digest is the registry's, so tar's own care is enough; it takes half the time of unpacking here.
  const tar = await startCommand(
    [
      'tar',
      '--extract',
      '--gzip',
      '--no-same-owner',
      '--no-same-permissions',
      '--strip-components=1',
      '--directory',
      target,
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  )
  let said = ''
  tar.child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-500)
  })
  try {
    await pipeline(registry.download(wanted, signal), tar.child.stdin as NodeJS.WritableStream)
  } catch (error) {
    tar.kill('SIGKILL')
    throw error
  }
  const { status } = await tar.exit
  if (status !== 0) throw new HearthError('internal', `${wanted.name} ${wanted.version} could not be unpacked: ${said}`)
}

async function placeNode(unpacked: string, target: string): Promise<void> {
  for (const name of ['bin', 'include', 'share']) {
    const from = path.join(unpacked, name)
    await cp(from, path.join(target, name), { recursive: true, mode: constants.COPYFILE_FICLONE }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT' || name === 'bin') throw error
      },
    )
  }
  // Headers stay: native modules compile without a download. Documentation does not.
  await rm(path.join(target, 'share/doc'), { recursive: true, force: true })
}

async function placeTool(wanted: PackageVersion, unpacked: string, target: string): Promise<void> {
  const name = wanted.name === '@yarnpkg/cli-dist' ? 'yarn' : wanted.name
  const library = path.join(target, 'lib/node_modules', name)
  await mkdir(path.dirname(library), { recursive: true })
  await rename(unpacked, library)
  const programs: Readonly<Record<string, Record<string, string>>> = {
    npm: { npm: 'bin/npm-cli.js', npx: 'bin/npx-cli.js' },
    pnpm: { pnpm: 'bin/pnpm.cjs', pnpx: 'bin/pnpx.cjs' },
    yarn: { yarn: 'bin/yarn.js' },
  }
  const bin = path.join(target, 'bin')
  for (const [program, file] of Object.entries(programs[name] ?? {})) {
    const script = await firstPresent(library, [file, file.replace(/\.cjs$/, '.mjs')])
    if (!script) continue
    await runCommand(['chmod', '755', path.join(library, script)])
    await symlink(path.join('../lib/node_modules', name, script), path.join(bin, program))
  }
}

async function firstPresent(library: string, files: readonly string[]): Promise<string | null> {
  const present = new Set(await readdir(path.join(library, 'bin')).catch(() => []))
  return files.find((file) => present.has(path.basename(file))) ?? null
}

/** Over what went in, not over what came out: the same recipe on the same stack is the same layer. */
export function digestRecipe(recipe: unknown, stack: string): string {
  return createHash('sha256').update(JSON.stringify({ recipe, stack })).digest('hex')
}

export async function writeRecipe(file: string, recipe: unknown): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(recipe))
  await rename(`${file}.new`, file)
}

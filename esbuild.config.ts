// Builds everything that runs: `node esbuild.config.ts [--agent] [--core] [--renderer] [--if-stale] [--arm64] [--digest]`.
// Without a part it builds all three. An entry point that does not exist yet is left out with a line that says so.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type BuildOptions, build } from 'esbuild'
import { commandsBeside, lazyBuiltins, noIntrospection, ptyBesideBundle, schemasByName } from './esbuild.plugins.ts'

export type Part = 'agent' | 'core' | 'renderer'

const root = import.meta.dirname
const dist = path.join(root, 'dist')

// What each part is made from. The lock file stands for every npm package that is bundled in.
const shared = ['esbuild.config.ts', 'esbuild.plugins.ts', 'package-lock.json', 'tsconfig.json']
const sources: Record<Part, string[]> = {
  agent: [...shared, 'agent/**/*', 'buildpacks/**/*'],
  core: [...shared, 'electron/**/*', 'agent/contract/**/*'],
  renderer: [...shared, 'vite.config.ts', 'renderer/**/*', 'electron/bridge/**/*', 'agent/contract/**/*'],
}

/** A SHA-256 over the names and contents of a part's sources; the key of whatever is derived from them. */
export function digestSources(part: Part): string {
  const hash = createHash('sha256')
  const files = globSync(sources[part], { cwd: root }).filter((name) => !name.endsWith('.md'))
  for (const name of [...new Set(files)].sort()) {
    const file = path.join(root, name)
    const stat = statSync(file)
    if (!stat.isFile()) continue
    const content = createHash('sha256').update(readFileSync(file)).digest('hex')
    hash.update(`${name}\0${stat.mode & 0o111 ? 'x' : '-'}\0${content}\n`)
  }
  return hash.digest('hex')
}

// Packages written as CommonJS use `require` and `__dirname`, which an ES module lacks. Globals instead of constants, so
// that no bundled module's own `require` can collide with them.
const requireBanner = [
  "globalThis.require ??= process.getBuiltinModule('node:module').createRequire(import.meta.url)",
  'globalThis.__dirname ??= import.meta.dirname',
].join('\n')

const esm: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  banner: { js: requireBanner },
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  // Native speed-ups that ssh2 tries and does without; x11 is asked for by dbus-next only when there is a display.
  external: ['cpu-features', '*/sshcrypto.node', 'x11', 'better-sqlite3', 'electron'],
}

/**
 * A program that runs where there is no node_modules: `outfile`, and beside it one file for each of its commands, the
 * `run-*.ts` beside the entry. A process loads its command's file and no other: memory and an SSH login's time are spent on
 * what it needs, and on two files. (With shared chunks instead, finding nine files compiled Node's path functions to
 * machine code: 5 MB of compiler in each process.)
 */
export async function bundleForServer(entry: string, outfile: string): Promise<void> {
  const { dir, name, ext } = path.parse(outfile)
  const folder = path.dirname(entry)
  const commands = globSync('run-*.ts', { cwd: path.resolve(root, folder) }).map((file) => path.parse(file).name)
  await build({
    ...esm,
    entryPoints: {
      [name]: entry,
      ...Object.fromEntries(commands.map((command) => [command, `${folder}/${command}.ts`])),
    },
    outdir: dir,
    outExtension: { '.js': ext },
    // A process holds the text of all its code. Names stay, and lines are short enough for the places in a stack.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
    plugins: [commandsBeside(ext), ptyBesideBundle, schemasByName, noIntrospection, lazyBuiltins],
  })
}

async function buildAgent(digest: string, wantsArm64: boolean): Promise<void> {
  if (isMissing('agent/main.ts')) return
  // Built aside and switched, so that an agent which is started meanwhile finds the old bundle or the new, not half of it.
  const next = path.join(dist, `.agent-${process.pid}`)
  await mkdir(next, { recursive: true })
  await bundleForServer('agent/main.ts', path.join(next, 'agent.mjs'))
  for (const arch of ['x64', 'arm64']) await copyPty(arch, next, wantsArm64)
  await buildBuildpacks(path.join(next, 'buildpacks'))
  await writeFile(path.join(next, 'version.json'), `${JSON.stringify(await describeVersion(digest), null, 2)}\n`)
  await replaceFolder(next, path.join(dist, 'agent'))
}

async function describeVersion(digest: string) {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string }
  const { protocolVersion } = await import('./agent/contract/protocol.ts')
  return { version, digest, commit: readCommit(), protocol: protocolVersion }
}

function readCommit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return null // A source archive has no history; the digest still names what was built.
  }
}

async function copyPty(arch: string, folder: string, wantsArm64: boolean): Promise<void> {
  const name = `@lydell/node-pty-linux-${arch}`
  const installed = path.join(root, 'node_modules', name, 'pty.node')
  const target = path.join(folder, `pty-${arch}.node`)
  if (existsSync(installed)) await cp(installed, target)
  else if (wantsArm64) await cp(await downloadPackageFile(name, 'pty.node'), target)
  else console.error(`build: no terminals for servers with ${arch}: ${name} is not installed here (--arm64 fetches it)`)
}

/** npm installs only this machine's platform packages; another platform's is fetched by npm and checked against the lock. */
export async function downloadPackageFile(name: string, file: string): Promise<string> {
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'))
  const { version, integrity } = lock.packages[`node_modules/${name}`] as { version: string; integrity: string }
  const folder = path.join(dist, '.packages', `${name.replace('/', '+')}-${version}`)
  if (existsSync(path.join(folder, file))) return path.join(folder, file)
  await mkdir(folder, { recursive: true })
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder, `${name}@${version}`], {
    cwd: root,
  })
  const archive = path.join(folder, (JSON.parse(packed.toString())[0] as { filename: string }).filename)
  const actual = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (actual !== integrity) throw new Error(`${name}@${version} is not what package-lock.json says: ${actual}`)
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'])
  return path.join(folder, file)
}

/** Each buildpack keeps its executables; what they run is bundled to one main.mjs beside bin/. */
async function buildBuildpacks(target: string): Promise<void> {
  const from = path.join(root, 'buildpacks')
  if (isMissing('buildpacks')) return
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const folder = path.join(from, entry.name)
    if (!entry.isDirectory() || !existsSync(path.join(folder, 'bin'))) continue
    const copy = path.join(target, entry.name)
    await cp(folder, copy, { recursive: true, filter: (file) => !/\.(ts|md)$/.test(file) })
    for (const stub of await readdir(path.join(copy, 'bin'))) await chmod(path.join(copy, 'bin', stub), 0o755)
    const main = path.join(folder, 'main.ts')
    if (existsSync(main))
      await build({ ...esm, sourcemap: false, entryPoints: [main], outfile: path.join(copy, 'main.mjs') })
  }
}

async function buildCore(): Promise<void> {
  const entries = {
    main: 'electron/main.ts',
    'core-process': 'electron/core-process.ts',
    start: 'electron/start.ts',
    cli: 'electron/cli.ts',
  }
  const present = Object.entries(entries).filter(([, file]) => !isMissing(file))
  const next = path.join(dist, `.electron-${process.pid}`)
  await mkdir(next, { recursive: true })
  // Native and not beside the bundle as on a server: npm has put it where Node finds it.
  const external = [...(esm.external ?? []), '@lydell/node-pty']
  await build({ ...esm, external, entryPoints: Object.fromEntries(present), outdir: next })
  // A sandboxed window loads its preload as CommonJS only.
  const preload = 'electron/preload.ts'
  const cjs: BuildOptions = { ...esm, banner: {}, format: 'cjs', outfile: path.join(next, 'preload.cjs') }
  if (!isMissing(preload)) await build({ ...cjs, entryPoints: [preload] })
  await cp(path.join(root, 'electron/samples'), path.join(next, 'samples'), { recursive: true })
  await replaceFolder(next, path.join(dist, 'electron'))
}

async function buildRenderer(): Promise<void> {
  if (isMissing('renderer/index.html')) return
  const { build: buildWithVite } = await import('vite')
  await buildWithVite({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' })
}

function isMissing(file: string): boolean {
  const missing = !existsSync(path.join(root, file))
  if (missing) console.error(`build: left out ${file}: not there yet`)
  return missing
}

async function replaceFolder(next: string, target: string): Promise<void> {
  const old = `${next}-old`
  if (existsSync(target)) await rename(target, old)
  await rename(next, target)
  await rm(old, { recursive: true, force: true })
}

async function buildPart(part: Part, options: { ifStale: boolean; arm64: boolean }): Promise<void> {
  const stamp = path.join(dist, `.${part}-digest`)
  const digest = digestSources(part)
  // Asking for arm64 changes what is built, so it is part of the stamp; a build that has it satisfies one that does not ask.
  const isBuilt = existsSync(stamp) && existsSync(path.join(dist, part === 'core' ? 'electron' : part))
  const previous = isBuilt ? await readFile(stamp, 'utf8') : ''
  if (options.ifStale && (previous === `${digest} arm64` || (!options.arm64 && previous === digest))) return
  const started = performance.now()
  if (part === 'agent') await buildAgent(digest, options.arm64)
  if (part === 'core') await buildCore()
  if (part === 'renderer') await buildRenderer()
  await mkdir(dist, { recursive: true })
  await writeFile(stamp, options.arm64 ? `${digest} arm64` : digest)
  console.error(`build: ${part} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

/** The headless desktop installs agents, so `core` alone is of no use without one. */
function choosePartsToBuild(wanted: { agent?: boolean; core?: boolean; renderer?: boolean }): Part[] {
  const parts: Part[] = ['agent', 'core', 'renderer']
  const chosen = parts.filter((part) => wanted[part] || (part === 'agent' && wanted.core))
  return chosen.length > 0 ? chosen : parts
}

if (import.meta.main) {
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    options: { agent: flag, core: flag, renderer: flag, 'if-stale': flag, arm64: flag, digest: flag },
  })
  if (values.digest) console.log(digestSources('agent'))
  else
    for (const part of choosePartsToBuild(values))
      await buildPart(part, { ifStale: values['if-stale'] ?? false, arm64: values.arm64 ?? false })
}

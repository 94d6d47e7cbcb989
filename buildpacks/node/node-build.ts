import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { platformEnvironment } from '../lib/config.ts'
import { chooseForBuild, readConfigVars } from '../lib/config-vars.ts'
import { copyTree, isThere } from '../lib/copy-tree.ts'
import { printDetail, printHeader } from '../lib/output.ts'
import { type ProgramResult, runProgram } from '../lib/process.ts'
import { installDependencies, pruneDependencies, requireScriptSuccess } from './dependencies.ts'
import { type PackageJson, readPackageJson } from './package-json.ts'
import { choosePackageManager, type PackageManager } from './package-manager.ts'
import { renderExport, renderProfile } from './profile.ts'

/** What tools leave in the home folder, which is /app; of no use to a dyno. */
const leftovers = ['.npm', '.cache', '.config', '.local', '.node-gyp', '.pnpm-store', '.yarn-cache']
/** Build tools' own caches: kept for the next build, not shipped. */
const buildCaches = ['.next/cache', '.nuxt/cache', '.turbo', 'node_modules/.cache']

/** The state of one compile. */
export interface NodeBuild {
  readonly app: string
  /** This buildpack's own folder in CACHE_DIR. */
  readonly cache: string
  readonly manifest: PackageJson
  readonly manager: PackageManager
  readonly configVars: ReadonlyMap<string, string>
  readonly environment: Readonly<Record<string, string>>
  /** Folders of the runtime layers, `node-24.21.0`: they are the versions. */
  readonly versions: readonly string[]
  readonly installsDevelopment: boolean
  readonly hasDevelopmentDependencies: boolean
  run(program: string, parameters: readonly string[]): Promise<ProgramResult>
}

export async function compile(app: string, cacheDirectory: string, configVarDirectory: string): Promise<void> {
  const build = await openBuild(app, path.join(cacheDirectory, 'node'), configVarDirectory)
  const before = new Set(await readdir(app))
  printHeader('Runtime')
  printDetail(build.versions.join('\n') || 'of this machine')
  await runScript(build, 'heroku-prebuild')
  await installDependencies(build)
  await restoreBuildCaches(build)
  await runScript(build, 'heroku-postbuild' in build.manifest.scripts ? 'heroku-postbuild' : 'build')
  await saveBuildCaches(build)
  await pruneDependencies(build)
  await runScript(build, 'heroku-cleanup')
  for (const name of leftovers) if (!before.has(name)) await rm(path.join(app, name), { recursive: true, force: true })
  await writeProfile(build)
}

async function openBuild(app: string, cache: string, configVarDirectory: string): Promise<NodeBuild> {
  const manifest = await readPackageJson(app)
  const manager = await choosePackageManager(app, manifest)
  const configVars = await readConfigVars(configVarDirectory)
  const environment = renderEnvironment(app, cache, configVars)
  const { scripts, devDependencies } = manifest
  const ownScripts = ['heroku-prebuild', 'heroku-postbuild', 'build', 'preinstall', 'install', 'postinstall', 'prepare']
  const hasDevelopmentDependencies = Object.keys(devDependencies).length > 0 || manifest.hasWorkspaces
  const keepsThem =
    configVars.get('NPM_CONFIG_PRODUCTION') === 'false' || (configVars.get('NODE_ENV') ?? 'production') !== 'production'
  await mkdir(cache, { recursive: true })
  return {
    app,
    cache,
    manifest,
    manager,
    configVars,
    environment,
    versions: findVersions(),
    // Without a script that could use them they would only be installed to be removed.
    installsDevelopment: keepsThem || ownScripts.some((name) => scripts[name]),
    hasDevelopmentDependencies,
    run: (program, parameters) => runProgram(program, parameters, { directory: app, environment }),
  }
}

function renderEnvironment(
  app: string,
  cache: string,
  configVars: ReadonlyMap<string, string>,
): Record<string, string> {
  const caches = {
    npm_config_cache: path.join(cache, 'npm'),
    npm_config_store_dir: path.join(cache, 'pnpm'),
    npm_config_update_notifier: 'false',
    npm_config_loglevel: 'error',
    YARN_CACHE_FOLDER: path.join(cache, 'yarn'),
    YARN_GLOBAL_FOLDER: path.join(cache, 'yarn-global'),
    YARN_ENABLE_GLOBAL_CACHE: 'false',
    XDG_CACHE_HOME: path.join(cache, 'xdg'),
    NEXT_TELEMETRY_DISABLED: '1',
  }
  const node = findBinDirectories().find((directory) => /\/node-[\d.]+\/bin$/.test(directory))
  return {
    ...platformEnvironment,
    NODE_ENV: 'production',
    CI: 'true',
    // Build tools may use more than a small dyno has.
    NODE_OPTIONS: '--max-old-space-size=2560',
    ...(node ? { npm_config_nodedir: path.dirname(node) } : {}),
    ...chooseForBuild(configVars),
    ...caches,
    PATH: `${platformEnvironment.PATH}:${path.join(app, 'node_modules/.bin')}`,
  }
}

/** The runtime layers are what the platform put on PATH below usr/local/hearth. */
/** Those of the runtime layers: `node-24.21.0`. */
export function findVersions(): string[] {
  return findBinDirectories().map((directory) => path.basename(path.dirname(directory)))
}

function findBinDirectories(): string[] {
  return (platformEnvironment.PATH ?? '')
    .split(':')
    .filter((directory) => /\/usr\/local\/hearth\/[^/]+\/bin$/.test(directory))
}

async function runScript(build: NodeBuild, name: string): Promise<void> {
  if (!build.manifest.scripts[name]) return
  const flags = build.configVars.get('NODE_BUILD_FLAGS')?.split(/\s+/).filter(Boolean) ?? []
  const extra = name === 'build' && flags.length > 0 ? ['--', ...flags] : []
  printHeader(`Running the script "${name}"`)
  const { status, output } = await build.run(build.manager.name, ['run', name, ...extra])
  requireScriptSuccess(name, status, output)
}

function listBuildCaches({ manifest }: NodeBuild): string[] {
  return [...buildCaches, ...manifest.cacheDirectories.filter((directory) => directory !== 'node_modules')]
}

async function restoreBuildCaches(build: NodeBuild): Promise<void> {
  for (const directory of listBuildCaches(build)) {
    const saved = path.join(build.cache, 'build', encodeURIComponent(directory))
    if ((await isThere(saved)) && !(await isThere(path.join(build.app, directory))))
      await copyTree(saved, path.join(build.app, directory))
  }
}

async function saveBuildCaches(build: NodeBuild): Promise<void> {
  for (const directory of listBuildCaches(build)) {
    const current = path.join(build.app, directory)
    if (!(await isThere(current))) continue
    await copyTree(current, path.join(build.cache, 'build', encodeURIComponent(directory)))
    if (buildCaches.includes(directory)) await rm(current, { recursive: true, force: true })
  }
}

async function writeProfile({ app, versions }: NodeBuild): Promise<void> {
  const directory = path.join(app, '.profile.d')
  await mkdir(directory, { recursive: true })
  // The first on PATH must be added last.
  await writeFile(path.join(directory, 'nodejs.sh'), renderProfile([...versions].reverse()))
  const file = path.join(import.meta.dirname, 'export')
  await writeFile(`${file}.new`, renderExport(findBinDirectories()))
  await rename(`${file}.new`, file)
}

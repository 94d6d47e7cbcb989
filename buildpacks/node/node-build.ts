import path from 'node:path'
import { type Build, removeLeftovers } from '../lib/build.ts'
import { platformEnvironment } from '../lib/config.ts'
import { type KeptFolder, KeptFolders } from '../lib/kept-folders.ts'
import { printDetail, printHeader } from '../lib/output.ts'
import { writeExport, writeProfile } from '../lib/profile.ts'
import { findBinDirectories, findRuntimes } from '../lib/runtime.ts'
import type { Source } from '../lib/source.ts'
import { installDependencies, pruneDependencies, requireScriptSuccess } from './dependencies.ts'
import { type PackageJson, readPackageJson } from './package-json.ts'
import { choosePackageManager, type PackageManager } from './package-manager.ts'
import { renderModulesPath, renderNodeProfile } from './profile.ts'
import { findPackage, findWorkspace, type WorkspacePackage } from './workspace.ts'

/** What package managers leave in the home folder, which is /app; of no use to a dyno. */
const leftovers = ['.npm', '.node-gyp', '.pnpm-store', '.yarn-cache']
/** Build tools' own caches: kept for the next build, not shipped. */
const buildCaches = ['.next/cache', '.nuxt/cache', '.turbo', 'node_modules/.cache']

export interface NodeBuild extends Build {
  readonly manifest: PackageJson
  /** The part of a workspace that is the app. */
  readonly part: WorkspacePackage | null
  readonly manager: PackageManager
  /** Folders of the runtime layers, `node-24.21.0`: they are the versions. */
  readonly versions: readonly string[]
  readonly installsDevelopment: boolean
  readonly hasDevelopmentDependencies: boolean
}

export async function compile(given: Build): Promise<void> {
  const build = await openNodeBuild(given)
  printHeader('Runtime')
  printDetail(build.versions.join('\n') || 'of this machine')
  await runScript(build, 'heroku-prebuild')
  await installDependencies(build)
  const caches = new KeptFolders(build, listBuildCaches(build))
  await caches.restore()
  await runScript(build, 'heroku-postbuild' in build.manifest.scripts ? 'heroku-postbuild' : 'build')
  await buildPart(build)
  await caches.save()
  await pruneDependencies(build)
  await runScript(build, 'heroku-cleanup')
  await removeLeftovers(given, leftovers)
  const workspace = path.relative(given.app, build.app)
  await writeProfile(given.app, 'nodejs', renderNodeProfile(workspace))
  await writeExport(renderModulesPath(workspace))
}

async function openNodeBuild(build: Build): Promise<NodeBuild> {
  const workspace = await findWorkspace(build)
  const manifest = await readPackageJson(workspace.app)
  const part = await findPackage(build.app, workspace)
  const { scripts, devDependencies } = manifest
  const ownScripts = ['heroku-prebuild', 'heroku-postbuild', 'build', 'preinstall', 'install', 'postinstall', 'prepare']
  const configVars = build.configVars
  const keepsThem =
    configVars.get('NPM_CONFIG_PRODUCTION') === 'false' || (configVars.get('NODE_ENV') ?? 'production') !== 'production'
  return {
    ...build,
    ...workspace,
    run: (program, parameters, options) => build.run(program, parameters, { directory: workspace.app, ...options }),
    manifest,
    part,
    manager: await choosePackageManager(workspace.app, manifest),
    versions: findRuntimes(),
    // Without a script that could use them they would only be installed to be removed.
    installsDevelopment: keepsThem || ownScripts.some((name) => scripts[name] ?? part?.manifest.scripts[name]),
    hasDevelopmentDependencies: Object.keys(devDependencies).length > 0 || manifest.hasWorkspaces,
  }
}

export async function renderEnvironment(source: Source, cache: string) {
  const { app } = await findWorkspace(source)
  const { dependencies, devDependencies } = await readPackageJson(source.app)
  const node = findBinDirectories().find((directory) => /\/node-[\d.]+\/bin$/.test(directory))
  return {
    under: {
      NODE_ENV: 'production',
      // Build tools may use more than a small dyno has.
      NODE_OPTIONS: '--max-old-space-size=2560',
      ...(node ? { npm_config_nodedir: path.dirname(node) } : {}),
      // SvelteKit's adapter for any place makes a server only where it knows the place: by this it takes the one for Node.js.
      ...('@sveltejs/adapter-auto' in { ...dependencies, ...devDependencies } ? { GCP_BUILDPACKS: '1' } : {}),
    },
    over: {
      npm_config_cache: path.join(cache, 'npm'),
      npm_config_store_dir: path.join(cache, 'pnpm'),
      npm_config_update_notifier: 'false',
      npm_config_loglevel: 'error',
      YARN_CACHE_FOLDER: path.join(cache, 'yarn'),
      YARN_GLOBAL_FOLDER: path.join(cache, 'yarn-global'),
      YARN_ENABLE_GLOBAL_CACHE: 'false',
      NEXT_TELEMETRY_DISABLED: '1',
      PATH: `${platformEnvironment.PATH}:${path.join(app, 'node_modules/.bin')}`,
    },
  }
}

async function runScript(build: NodeBuild, name: string): Promise<void> {
  if (!build.manifest.scripts[name]) return
  const flags = build.configVars.get('NODE_BUILD_FLAGS')?.split(/\s+/).filter(Boolean) ?? []
  const extra = name === 'build' && flags.length > 0 ? ['--', ...flags] : []
  printHeader(`Running the script "${name}"`)
  const { status, output } = await build.run(build.manager.name, ['run', name, ...extra])
  requireScriptSuccess(name, status, output)
}

/** A script at the top builds all that belongs together; where there is none, the part's own builds that. */
async function buildPart(build: NodeBuild): Promise<void> {
  const { part, manifest, manager, app } = build
  if (!part || ['heroku-postbuild', 'build'].some((name) => manifest.scripts[name])) return
  const name = ['heroku-postbuild', 'build'].find((one) => part.manifest.scripts[one])
  if (name === undefined) return
  printHeader(`Running the script "${name}" of ${part.folder}`)
  const directory = path.join(app, part.folder)
  const { status, output } = await build.run(manager.name, ['run', name], { directory })
  requireScriptSuccess(name, status, output)
}

function listBuildCaches({ manifest, part }: NodeBuild): KeptFolder[] {
  const usual = part ? [...buildCaches, ...buildCaches.map((name) => path.join(part.folder, name))] : buildCaches
  const own = manifest.cacheDirectories.filter((name) => name !== 'node_modules' && !usual.includes(name))
  return [...usual.map((name) => ({ name, isShipped: false })), ...own.map((name) => ({ name, isShipped: true }))]
}

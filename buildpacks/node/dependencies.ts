import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { platformEnvironment } from '../lib/config.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { KeptTree, type TreeInputs } from '../lib/kept-tree.ts'
import { printDetail, printHeader, printWarning } from '../lib/output.ts'
import { nodeFailures } from './failures.ts'
import type { NodeBuild } from './node-build.ts'

/** Scripts of the app itself that run while its dependencies are installed, and may need its files. */
const installScripts = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']

/** Installs what the lock file says, or takes it from the last build when nothing that counts has changed. */
export async function installDependencies(build: NodeBuild): Promise<void> {
  printHeader('Installing dependencies')
  const modules = path.join(build.app, 'node_modules')
  const kept = new KeptTree(build.cache)
  if (!canReuseTree(build)) {
    await kept.drop()
    return runInstall(build)
  }
  const inputs = await collectInputs(build)
  const reason = await kept.restore(inputs, modules)
  if (reason === null) return printDetail('Nothing changed since the last build: using its node_modules')
  if (reason) printDetail(`Not using the node_modules of the last build: ${reason}`)
  await runInstall(build)
  if (await isThere(modules)) await kept.keep(inputs, modules)
}

/** Leaves only what the app needs to run. */
export async function pruneDependencies(build: NodeBuild): Promise<void> {
  if (
    !build.hasDevelopmentDependencies ||
    !build.installsDevelopment ||
    !(await isThere(path.join(build.app, 'node_modules')))
  )
    return
  const why = skipPruningBecause(build)
  if (why) return printDetail(`Keeping development dependencies because ${why}`)
  printHeader('Removing development dependencies')
  const { manager } = build
  if (manager.name === 'yarn' && !manager.isClassic) {
    const production = ['workspaces', 'focus', '--all', '--production']
    return runManager(build, production, 'prune')
  }
  const parameters = {
    npm: ['prune', '--omit=dev', '--no-audit', '--no-fund'],
    yarn: ['install', '--production', '--frozen-lockfile', '--ignore-engines', '--prefer-offline', '--ignore-scripts'],
    pnpm: ['prune', '--prod', '--config.confirmModulesPurge=false'],
  } as const
  await runManager(build, parameters[manager.name], 'prune')
}

function skipPruningBecause({ configVars, manager }: NodeBuild): string | null {
  const environment = configVars.get('NODE_ENV')
  if (environment && environment !== 'production') return `NODE_ENV is ${environment}`
  const switches: [name: string, value: string][] = [
    ['NPM_CONFIG_PRODUCTION', 'false'],
    ['YARN_PRODUCTION', 'false'],
    ['YARN2_SKIP_PRUNING', 'true'],
    ['PNPM_SKIP_PRUNING', 'true'],
  ]
  const set = switches.find(([name, value]) => configVars.get(name) === value)
  if (set?.[0].slice(0, 3).toLowerCase() === manager.name.slice(0, 3)) return `${set[0]} is ${set[1]}`
  return null
}

async function runInstall(build: NodeBuild): Promise<void> {
  const { app, manager } = build
  if (await isThere(path.join(app, 'node_modules'))) {
    printWarning('node_modules is part of the source. It is replaced by what the lock file says; add it to .gitignore.')
    await rm(path.join(app, 'node_modules'), { recursive: true, force: true })
  }
  if (manager.lockFile === null)
    printWarning(
      'The app has no lock file, so each build may get other versions.\nRun `npm install` and commit package-lock.json.',
    )
  await runManager(build, chooseInstallCommand(build), 'install')
}

function chooseInstallCommand({ manager, installsDevelopment, configVars }: NodeBuild): string[] {
  const quiet = ['--no-audit', '--no-fund']
  switch (manager.name) {
    case 'npm': {
      const verb = manager.lockFile && configVars.get('USE_NPM_INSTALL') !== 'true' ? 'ci' : 'install'
      return [verb, installsDevelopment ? '--include=dev' : '--omit=dev', ...quiet]
    }
    case 'yarn':
      if (!manager.isClassic) return ['install', '--immutable']
      return [
        'install',
        '--frozen-lockfile',
        '--ignore-engines',
        '--prefer-offline',
        '--non-interactive',
        `--production=${!installsDevelopment}`,
      ]
    case 'pnpm':
      return ['install', '--frozen-lockfile', ...(installsDevelopment ? ['--prod=false'] : ['--prod'])]
  }
}

async function runManager(build: NodeBuild, parameters: readonly string[], step: 'install' | 'prune'): Promise<void> {
  const { name } = build.manager
  const { status, output } = await build.run(name, parameters)
  if (status === 0) return
  throw recogniseFailure({ status, output }, nodeFailures, {
    id: `${name}-${step}-failed`,
    headline: `\`${name} ${parameters[0]}\` failed with status ${status}.`,
    advice:
      'Its output above says why. The same command on your machine, without node_modules, should fail the same way.',
  })
}

function canReuseTree({ configVars, manager, manifest }: NodeBuild): boolean {
  if (configVars.get('NODE_MODULES_CACHE') === 'false' || manager.lockFile === null) return false
  // Links into the app and scripts over its files: such trees belong to one source only.
  const usesFiles = [manifest.dependencies, manifest.devDependencies].some((dependencies) =>
    Object.values(dependencies).some((version) => /^(file|link|portal|workspace|patch):/.test(version)),
  )
  return !manifest.hasWorkspaces && !usesFiles && !installScripts.some((name) => manifest.scripts[name])
}

/** Everything that decides what node_modules holds. */
async function collectInputs({
  app,
  manager,
  versions,
  environment,
  installsDevelopment,
}: NodeBuild): Promise<TreeInputs> {
  const options = Object.entries(environment).filter(([name]) => /^(npm_config_|yarn_|pnpm_|node_env$)/i.test(name))
  const files = [manager.lockFile, '.npmrc', '.yarnrc', '.yarnrc.yml', 'pnpm-workspace.yaml', 'package.json']
  const texts = await Promise.all(
    files.filter((name) => name !== null).map(async (name) => [name, await readInput(app, name)] as const),
  )
  return {
    ...Object.fromEntries(texts),
    'the stack': platformEnvironment.STACK ?? '',
    'the runtime': versions.join(' '),
    "the package manager's settings": JSON.stringify({ options, installsDevelopment }),
  }
}

async function readInput(app: string, name: string): Promise<string> {
  const text = await readFile(path.join(app, name), 'utf8').catch(() => '')
  if (name !== 'package.json') return text
  // Overrides and the like count too, while the version and the scripts of the app do not.
  const { version: _version, scripts: _scripts, description: _description, ...rest } = JSON.parse(text)
  return JSON.stringify(rest)
}

export function requireScriptSuccess(name: string, status: number, output: string): void {
  if (status === 0) return
  throw recogniseFailure({ status, output }, nodeFailures, {
    id: 'build-script-failed',
    headline: `The script "${name}" of package.json failed with status ${status}.`,
    advice: `Its output above says why. \`npm run ${name}\` on your machine should fail the same way.`,
  })
}

import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { KeptTree, type TreeInputs } from '../lib/kept-tree.ts'
import { printDetail, printHeader, printWarning } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'
import { pythonFailures } from './failures.ts'
import { choosePackageManager, type PackageManager } from './package-manager.ts'
import { freeScripts, locateVenv, makeVenv, renderVenvEnvironment } from './venv.ts'

/** Fills the virtual environment by what the lock file says, or takes the last build's when nothing that counts has changed. */
export async function installPackages(build: Build, python: string): Promise<void> {
  const manager = await choosePackageManager(build)
  const venv = locateVenv(build)
  printHeader(`Installing packages with ${manager.name}`)
  if (await isThere(venv)) {
    printWarning('.venv is part of the source. It is replaced by what is installed here; add it to .gitignore.')
    await rm(venv, { recursive: true, force: true })
  }
  const kept = new KeptTree(build.cache)
  const { inputs, holdsSource } = await collectInputs(build, manager, python)
  const reason = holdsSource ? '' : await kept.restore(inputs, venv)
  if (reason === null) return printDetail('Nothing changed since the last build: using its packages')
  if (holdsSource) printDetail("Installed anew in each build, because the app's own code is among its packages")
  else if (reason) printDetail(`Not using the packages of the last build: ${reason}`)
  await makeVenv(build, venv)
  await runManager(build, manager)
  await freeScripts(venv)
  if (holdsSource) await kept.drop()
  else await kept.keep(inputs, venv)
}

/** Everything that decides what is installed. A package of the app's own folder is not told by its name and version. */
export async function collectInputs(
  source: Source,
  manager: PackageManager,
  python: string,
): Promise<{ inputs: TreeInputs; holdsSource: boolean }> {
  const texts = new Map<string, string>()
  const take = async (name: string): Promise<void> => {
    if (texts.has(name)) return
    const text = (await source.read(name)) ?? ''
    texts.set(name, text)
    if (manager.name !== 'pip') return
    for (const [, included = ''] of text.matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[\s=]+(\S+)/gm))
      await take(path.join(path.dirname(name), included))
  }
  for (const name of [manager.file, ...manager.alsoReads]) await take(name)
  const settings = [...source.configVars].filter(([name]) => /^(PIP|UV|POETRY|PIPENV)_/.test(name))
  const inputs = {
    ...Object.fromEntries(texts),
    'the stack': source.stack,
    Python: python,
    'the package manager': JSON.stringify([manager.name, manager.tool]),
    "the package manager's config vars": JSON.stringify(settings),
  }
  const local = {
    pip: /^\s*(?:-e\s|--editable[\s=]|\.{1,2}(?:\/|\[|\s*$)|\S+\s*@\s*file:|file:)/m,
    Pipenv: /"(?:path|file)":\s*"\./,
    Poetry: /^type = "(?:directory|file)"$/m,
    uv: /source = \{ (?:directory|path|editable) = "[^"]+" \}/,
  }[manager.name]
  const all = manager.name === 'pip' ? [...texts.values()].join('\n') : (texts.get(manager.file) ?? '')
  return { inputs, holdsSource: local.test(all) || (manager.name === 'Poetry' && hasRootPackage(texts)) }
}

/** Poetry installs the app as a package unless it is told not to. */
function hasRootPackage(texts: ReadonlyMap<string, string>): boolean {
  return !/^package-mode\s*=\s*false/m.test(texts.get('pyproject.toml') ?? '')
}

async function runManager(build: Build, manager: PackageManager): Promise<void> {
  const program = manager.tool ? await ensureTool(build, manager.tool) : path.join(locateVenv(build), 'bin/python')
  const { status, output } = await build.run(program, commands[manager.name], {
    environment: { ...renderVenvEnvironment(build), ...renderManagerEnvironment(build) },
  })
  if (status === 0) return
  const verb = commands[manager.name].find((one) => /^(install|sync)$/.test(one))
  throw recogniseFailure({ status, output }, pythonFailures, {
    id: `${manager.name.toLowerCase()}-install-failed`,
    headline: `${manager.name} ${verb} failed with status ${status}.`,
    advice: 'Its output above says why. The same command in an empty virtual environment should fail the same way.',
  })
}

const commands: Readonly<Record<PackageManager['name'], readonly string[]>> = {
  pip: ['-m', 'pip', 'install', '--no-input', '--progress-bar', 'off', '-r', 'requirements.txt'],
  Pipenv: ['install', '--deploy'],
  Poetry: ['install', '--only', 'main', '--no-interaction', '--no-ansi', '--compile'],
  uv: ['sync', '--locked', '--no-default-groups', '--no-progress', '--compile-bytecode'],
}

function renderManagerEnvironment(build: Build): Record<string, string> {
  const venv = locateVenv(build)
  return {
    // The environment is there already, and no tool may fetch a Python of its own.
    PIPENV_VERBOSITY: '-1',
    PIPENV_NOSPIN: '1',
    POETRY_VIRTUALENVS_CREATE: 'false',
    UV_PROJECT_ENVIRONMENT: venv,
    UV_PYTHON: path.join(venv, 'bin/python'),
    // A link into the rest of a whole would hold the place that the build had, which dynos on This computer do not have.
    ...(build.top === build.app ? {} : { UV_NO_EDITABLE: '1' }),
  }
}

/** The package manager in an environment of its own, so that it brings the app nothing. */
async function ensureTool(build: Build, { name, version }: { name: string; version: string }): Promise<string> {
  const folder = path.join(build.cache, 'tools', `${name}-${version}`)
  const program = path.join(folder, 'bin', name)
  // A Python that is gone leaves the environment without one.
  if ((await isThere(program)) && (await isThere(path.join(folder, 'bin/python')))) return program
  printDetail(`Installing ${name} ${version}`)
  await rm(path.join(build.cache, 'tools'), { recursive: true, force: true })
  await makeVenv(build, folder)
  const install = ['-m', 'pip', 'install', '--no-input', '--progress-bar', 'off', '--quiet', `${name}==${version}`]
  const { status, output } = await build.run(path.join(folder, 'bin/python'), install, { isQuiet: true })
  if (status === 0) return program
  await rm(folder, { recursive: true, force: true })
  throw recogniseFailure({ status, output }, pythonFailures, {
    id: 'package-manager-not-installed',
    headline: `${name} ${version} could not be installed: ${output.trim().split('\n').at(-1)}`,
    advice: 'Check that builds reach the package index that the server is set up with.',
  })
}

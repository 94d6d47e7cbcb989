import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Build, removeLeftovers, runHook } from '../lib/build.ts'
import { platformEnvironment } from '../lib/config.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { BuildError, printDetail, printHeader } from '../lib/output.ts'
import type { ProgramResult } from '../lib/process.ts'
import { memoryProfile, writeExport, writeProfile } from '../lib/profile.ts'
import { findRuntimes } from '../lib/runtime.ts'
import type { Source } from '../lib/source.ts'
import { goFailures } from './failures.ts'
import { renderGitLogin } from './git-login.ts'
import { type GoModules, readModules } from './go-mod.ts'
import { writeBinaries } from './processes.ts'

const goProfile = `export PATH=$HOME/bin:$PATH
${memoryProfile}# What Go's collector aims at, a tenth below the dyno's limit, so that it works harder before the dyno is ended.
if [ -z "\${GOMEMLIMIT:-}" ] && [ -n "\${MEMORY_AVAILABLE:-}" ]; then
  export GOMEMLIMIT=$((MEMORY_AVAILABLE * 9 / 10))MiB
fi
`

export async function compile(build: Build): Promise<void> {
  const modules = await readModules(build)
  const version = findRuntimes().find((name) => name.startsWith('go-')) ?? 'go of this machine'
  printHeader('Runtime')
  printDetail(version)
  await checkCache(build, version)
  await runOwnStep(build, 'bin/go-pre-compile')
  const packages = await choosePackages(build, modules)
  printHeader(`Building ${packages.join(' ')}`)
  const before = new Set(await readdir(path.join(build.app, 'bin')).catch(() => []))
  requireSuccess(await build.run('go', renderBuildCommand(build, packages)), 'go build')
  const binaries = (await readdir(path.join(build.app, 'bin'))).filter((name) => !before.has(name)).sort()
  printDetail(binaries.map((name) => `bin/${name}`).join('\n'))
  await writeBinaries(binaries)
  await runOwnStep(build, 'bin/go-post-compile')
  await removeLeftovers(build)
  await writeProfile(build.app, 'go', goProfile)
  await writeExport('$HOME/bin')
}

export function renderEnvironment({ configVars }: Source, cache: string, usesC: boolean) {
  return {
    // Without C a program is static: it needs nothing of the stack.
    under: { CGO_ENABLED: usesC ? '1' : '0' },
    over: {
      GOCACHE: path.join(cache, 'build'),
      GOMODCACHE: path.join(cache, 'modules'),
      GOPATH: path.join(cache, 'path'),
      GOENV: 'off',
      // What is on PATH was chosen and checked; the go command is not to fetch another.
      GOTOOLCHAIN: 'local',
      ...renderGitLogin(configVars),
    },
  }
}

/** Go finds by itself what it can use again; another version of it can use nothing, and would only add. */
async function checkCache(build: Build, version: string): Promise<void> {
  const file = path.join(build.cache, 'version')
  const last = await readFile(file, 'utf8').catch(() => '')
  if (last === version) return printDetail('Using the modules and the compiled packages of the last build')
  if (last) {
    printDetail(`Not using the compiled packages of the last build: it was made by ${last}`)
    await rm(path.join(build.cache, 'build'), { recursive: true, force: true })
  }
  await writeFile(file, version)
}

/** What is to be built: as the app says, or every program in it. */
async function choosePackages(build: Build, modules: GoModules): Promise<string[]> {
  const named = build.configVars.get('GO_INSTALL_PACKAGE_SPEC')?.split(/\s+/).filter(Boolean) ?? modules.herokuInstall
  if (named.length > 0) {
    const option = named.find((one) => one.startsWith('-'))
    if (option)
      throw new BuildError('go-package-spec', `'${option}' is not a package.`, 'Name packages only: ./cmd/web')
    return [...named]
  }
  const patterns = modules.folders.map((folder) => `./${path.normalize(folder)}/...`.replace('/./', '/'))
  const list = [
    'list',
    '-e',
    '-find',
    '-tags',
    'heroku',
    '-f',
    '{{if eq .Name "main"}}{{.ImportPath}}{{end}}',
    ...patterns,
  ]
  const result = await build.run('go', list, { isQuiet: true })
  const said = result.output.split('\n').filter((line) => result.status !== 0 || line.startsWith('go: '))
  if (said.length > 0) printDetail(said.join('\n').trimEnd())
  requireSuccess(result, 'go list')
  const mains = result.output.split('\n').filter((line) => /^[\w./~-]+$/.test(line))
  if (mains.length > 0) return mains
  throw new BuildError(
    'go-no-main',
    'No package of the app is a program.',
    'A program is a folder of files with `package main` and a function main. Is it in the app, and not ignored?',
  )
}

function renderBuildCommand({ configVars }: Build, packages: readonly string[]): string[] {
  const [symbol, value] = [configVars.get('GO_LINKER_SYMBOL'), configVars.get('GO_LINKER_VALUE')]
  const version = value ?? platformEnvironment.SOURCE_VERSION ?? ''
  const linker = symbol ? ['-ldflags', `-X ${symbol}=${version}`] : []
  // A folder, so that each program is named after its own.
  return ['build', '-trimpath', '-buildvcs=false', '-tags', 'heroku', ...linker, '-o', 'bin/', ...packages]
}

async function runOwnStep(build: Build, file: string): Promise<void> {
  const result = await runHook(build, file)
  if (result) requireSuccess(result, file)
}

function requireSuccess(result: ProgramResult, command: string): void {
  if (result.status === 0) return
  throw recogniseFailure(result, goFailures, {
    id: `${command.replace(/[^\w]+/g, '-')}-failed`,
    headline: `\`${command}\` failed with status ${result.status}.`,
    advice: 'Its output above says why. The same command on your machine should fail the same way.',
  })
}

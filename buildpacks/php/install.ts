import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { KeptTree } from '../lib/kept-tree.ts'
import { printDetail, printHeader, printWarning } from '../lib/output.ts'
import type { ComposerFiles, Json } from './composer-files.ts'
import { phpFailures } from './failures.ts'
import { chooseDefaults } from './framework.ts'

/** In the folder of packages: which lock they were installed by. */
const mark = '.hearth-lock'
const options = ['--no-dev', '--prefer-dist', '--optimize-autoloader', '--no-interaction', '--no-progress', '--no-ansi']

/** Installs what composer.lock says over the packages of the last build, then runs the app's own `compile`. */
export async function installPackages(build: Build, files: ComposerFiles, php: string): Promise<void> {
  if (files.manifest === null) return
  printHeader('Installing packages')
  const folder = readVendorFolder(files.manifest)
  const target = path.join(build.app, folder)
  if (await isThere(target)) {
    printWarning(
      `${folder} is part of the source. It is replaced by what ${files.lockName} says; add it to .gitignore.`,
    )
    await rm(target, { recursive: true, force: true })
  }
  await nameAutoloader(build, files)
  const kept = new KeptTree(build.cache)
  if (hasPaths(files)) {
    // Their files may change without the lock, and Composer would not look.
    await kept.drop()
    await runComposer(build, files, ['install', ...options])
    return runCompileScript(build, files)
  }
  const inputs = { PHP: php, 'the stack': build.stack, 'the folder of packages': folder }
  const reason = await kept.restore(inputs, target)
  const digest = createHash('sha256')
    .update(files.lockText ?? '')
    .digest('hex')
  const isSame = reason === null && (await readFile(path.join(target, mark), 'utf8').catch(() => '')) === digest
  if (reason) printDetail(`Not using the packages of the last build: ${reason}`)
  if (reason === null)
    printDetail(
      isSame
        ? 'Using the packages of the last build'
        : `${files.lockName} changed since the last build: installing what is new`,
    )
  // Also with the same lock: the autoloader and the app's own scripts depend on its code.
  await runComposer(build, files, ['install', ...options])
  if (!isSame && (await isThere(target))) {
    await writeFile(path.join(target, mark), digest)
    await kept.keep(inputs, target)
  }
  await runCompileScript(build, files)
}

/** Older Composers name the classes of the autoloader at random, so that no two slugs would be the same: here the lock names them. */
async function nameAutoloader({ environment }: Build, { lockText }: ComposerFiles): Promise<void> {
  const suffix = createHash('sha256')
    .update(lockText ?? '')
    .digest('hex')
    .slice(0, 32)
  const home = environment.COMPOSER_HOME ?? ''
  await mkdir(home, { recursive: true })
  await writeFile(path.join(home, 'config.json'), JSON.stringify({ config: { 'autoloader-suffix': suffix } }))
}

/** Packages that are folders of the app itself. */
function hasPaths({ lockText }: ComposerFiles): boolean {
  return /"dist":\s*\{\s*"type":\s*"path"/.test(lockText ?? '')
}

async function runCompileScript(build: Build, files: ComposerFiles): Promise<void> {
  const scripts = files.manifest?.scripts
  if (typeof scripts !== 'object' || scripts === null || !('compile' in scripts)) return
  printHeader('Running the script "compile"')
  await runComposer(build, files, ['run-script', 'compile', '--no-dev', '--no-interaction', '--no-ansi'])
}

/** `config.vendor-dir`, where it is one in the app. */
function readVendorFolder(manifest: Json): string {
  return readFolder(manifest, 'vendor-dir') ?? 'vendor'
}

/** Where Composer puts the packages' programs: `config.bin-dir`, or in the folder of packages. */
export function readProgramFolder(manifest: Json | null): string {
  if (manifest === null) return 'vendor/bin'
  const vendor = readVendorFolder(manifest)
  return readFolder(manifest, 'bin-dir')?.replace('{$vendor-dir}', vendor) ?? `${vendor}/bin`
}

function readFolder(manifest: Json, name: string): string | null {
  const config = manifest.config
  const named = typeof config === 'object' && config !== null ? (config as Json)[name] : null
  if (typeof named !== 'string' || !/^[\w./{}$-]+$/.test(named)) return null
  const folder = path.posix.normalize(named).replace(/\/+$/, '')
  return path.isAbsolute(folder) || folder === '.' || folder.split('/').includes('..') ? null : folder
}

async function runComposer(build: Build, files: ComposerFiles, parameters: readonly string[]): Promise<void> {
  const environment = chooseDefaults(files, build.configVars)
  const { status, output } = await build.run('composer', parameters, { environment })
  if (status === 0) return
  throw recogniseFailure({ status, output }, phpFailures, {
    id: 'composer-failed',
    headline: `\`composer ${parameters.slice(0, 2).join(' ')}\` failed with status ${status}.`,
    advice: 'Its output above says why. The same command on your machine, without vendor, should fail the same way.',
  })
}

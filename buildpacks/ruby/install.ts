import { createHash } from 'node:crypto'
import { glob, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { KeptTree, type TreeInputs } from '../lib/kept-tree.ts'
import { printDetail, printHeader, printWarning } from '../lib/output.ts'
import { rubyFailures } from './failures.ts'
import { type Lock, readLock } from './lock.ts'
import { relaxGemfile } from './version.ts'

const bundle = 'vendor/bundle'
/** In vendor/bundle: which files its gems were installed by. */
const mark = '.hearth-lock'

/** Gems of Debian packages, as Bundler's own setting says it. */
export function usesSystemGems({ configVars }: Pick<Build, 'configVars'>): boolean {
  return configVars.get('BUNDLE_PATH__SYSTEM') === 'true'
}

/** Settings of Bundler, in the build and on dynos. */
export function renderBundleSettings(source: Pick<Build, 'configVars'>): Record<string, string> {
  if (usesSystemGems(source)) return { BUNDLE_FROZEN: 'true', BUNDLE_PATH__SYSTEM: 'true' }
  return { BUNDLE_PATH: bundle, BUNDLE_BIN: `${bundle}/bin`, BUNDLE_DEPLOYMENT: 'true' }
}

/** Installs what Gemfile.lock says; gems of the last build stay, those that are not asked for any more go. */
export async function installGems(build: Build, ruby: string): Promise<void> {
  printHeader('Installing gems')
  const lock = await readLock(build)
  await relaxRubyVersion(build, ruby)
  if (usesSystemGems(build)) return runBundler(build, ['install', '--local'])
  const target = path.join(build.app, bundle)
  if (build.names.has('.bundle') && (await build.read('.bundle/config')) !== null)
    printWarning(
      '.bundle/config is part of the source, and what it says counts before config vars. Remove it: git rm .bundle/config',
    )
  await dropVendored(target)
  const kept = new KeptTree(build.cache)
  const inputs = collectInputs(build, ruby)
  const reason = await kept.restore(inputs, target)
  if (reason) printDetail(`Not using the gems of the last build: ${reason}`)
  const digest = await digestLock(build, lock)
  const isSame = reason === null && (await readFile(path.join(target, mark), 'utf8').catch(() => '')) === digest
  if (isSame) return printDetail('Nothing changed since the last build: using its gems')
  if (reason === null) printDetail('Gemfile or Gemfile.lock changed since the last build: installing what is new')
  await runBundler(build, ['install'])
  if (reason === null) await runBundler(build, ['clean', '--force'])
  await removeUnused(target)
  await writeFile(path.join(target, mark), digest)
  await kept.keep(inputs, target)
}

/** Bundler takes only the very version that Gemfile names, and another patch of the line is all that there is. */
async function relaxRubyVersion(build: Build, ruby: string): Promise<void> {
  const relaxed = relaxGemfile((await build.read('Gemfile')) ?? '', ruby)
  if (relaxed === null) return
  printWarning(
    `Gemfile asks for another patch of Ruby than ${ruby}. In the slug it says so; your own Gemfile stays as it is.`,
  )
  await writeFile(path.join(build.app, 'Gemfile'), relaxed)
}

async function dropVendored(target: string): Promise<void> {
  if (!(await isThere(target))) return
  printWarning(`${bundle} is part of the source. It is replaced by what Gemfile.lock says; add it to .gitignore.`)
  await rm(target, { recursive: true, force: true })
}

function collectInputs(build: Build, ruby: string): TreeInputs {
  const settings = Object.entries(build.environment).filter(
    ([name]) => /^(BUNDLE_|NOKOGIRI_)/.test(name) && !/MIRROR|USER_HOME/.test(name),
  )
  return { Ruby: ruby, 'the stack': build.stack, "Bundler's settings": JSON.stringify(settings.sort()) }
}

/** Gems of the app's own folders may change without the lock: then Bundler looks each time. */
async function digestLock(build: Build, lock: Lock): Promise<string> {
  const once = lock.hasPaths ? `${process.pid} ${Date.now()}` : ''
  return createHash('sha256')
    .update([await build.read('Gemfile'), lock.text, once].join('\0'))
    .digest('hex')
}

async function runBundler(build: Build, parameters: readonly string[]): Promise<void> {
  const { status, output } = await build.run('bundle', parameters)
  if (status === 0) return
  throw recogniseFailure({ status, output }, rubyFailures, {
    id: 'bundle-install-failed',
    headline: `\`bundle ${parameters.join(' ')}\` failed with status ${status}.`,
    advice: 'Its output above says why. `BUNDLE_DEPLOYMENT=1 bundle install` on your machine should fail the same way.',
  })
}

/**
 * The archives of gems that are installed, and what their compilers left and said: of no use to anybody, and never twice the same,
 * for it names times and temporary folders. Programs and libraries that were compiled stay where they are.
 */
async function removeUnused(target: string): Promise<void> {
  for (const version of await readdir(path.join(target, 'ruby')).catch(() => []))
    for (const name of ['cache', 'doc', 'build_info'])
      await rm(path.join(target, 'ruby', version, name), { recursive: true, force: true })
  for await (const file of glob('ruby/*/extensions/**/{gem_make.out,mkmf.log}', { cwd: target }))
    await rm(path.join(target, file), { force: true })
  for await (const file of glob('ruby/*/{gems,bundler/gems}/**/extconf.rb', { cwd: target })) {
    const folder = path.join(target, path.dirname(file))
    for (const name of await readdir(folder))
      if (/^(Makefile|mkmf\.log)$|\.o$/.test(name)) await rm(path.join(folder, name), { force: true })
  }
}

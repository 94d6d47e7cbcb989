import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { KeptFolders } from '../lib/kept-folders.ts'
import { printDetail, printHeader } from '../lib/output.ts'
import { assetFailures, rubyFailures } from './failures.ts'
import { isRails } from './framework.ts'
import type { Lock } from './lock.ts'

/** Compiled assets and what compilers remember; the first is shipped, the second is not. */
const folders = [
  { name: 'public/assets', isShipped: true },
  { name: 'public/packs', isShipped: true },
  { name: 'tmp/cache/assets', isShipped: false },
  { name: 'tmp/cache/webpacker', isShipped: false },
  { name: 'tmp/cache/vite', isShipped: false },
]

/** Runs assets:precompile where the app has it, unless it has brought compiled ones along. */
export async function precompileAssets(build: Build, lock: Lock): Promise<void> {
  if (!(await hasAssets(build, lock))) return
  printHeader('Precompiling assets')
  for (const manifest of ['public/assets/.manifest.json', 'public/assets/manifest.yml'])
    if (await isThere(path.join(build.app, manifest)))
      return printDetail(`The app brings ${manifest}: nothing to compile`)
  const kept = new KeptFolders(build, folders)
  await kept.restore()
  // Old files that the pages of the last releases name stay for a while; Rails knows how long.
  const cleans = lock.gems.has('sprockets-rails') || lock.gems.has('propshaft')
  const tasks = ['assets:precompile', ...(cleans ? ['assets:clean'] : [])]
  const { status, output } = await build.run('bundle', ['exec', 'rake', ...tasks], {
    environment: renderDummies(build, lock),
  })
  if (status === 0) return kept.save()
  if (/Don't know how to build task 'assets:precompile'/.test(output)) return printDetail('The app has no such task')
  throw recogniseFailure({ status, output }, [...assetFailures, ...rubyFailures], {
    id: 'assets-precompile-failed',
    headline: `\`rake assets:precompile\` failed with status ${status}.`,
    advice:
      'Its output above says why. `RAILS_ENV=production bin/rails assets:precompile` on your machine should fail the same way.',
  })
}

async function hasAssets(build: Build, lock: Lock): Promise<boolean> {
  if (isRails(lock)) return build.names.has('Rakefile')
  return /assets:precompile|namespace[ (]+:assets/.test((await build.read('Rakefile')) ?? '')
}

/** Rails wants these when it loads, though nothing that is compiled depends on them. Real ones stand before them. */
function renderDummies({ configVars }: Build, lock: Lock): Record<string, string> {
  const adapter = [
    ['pg', 'postgresql'],
    ['mysql2', 'mysql2'],
    ['trilogy', 'trilogy'],
  ].find(([gem = '']) => lock.gems.has(gem))?.[1]
  return {
    ...(configVars.has('SECRET_KEY_BASE')
      ? {}
      : { SECRET_KEY_BASE: 'a-secret-of-the-build-only', SECRET_KEY_BASE_DUMMY: '1' }),
    ...(adapter && !configVars.has('DATABASE_URL')
      ? { DATABASE_URL: `${adapter}://build:build@127.0.0.1:1/none` }
      : {}),
  }
}

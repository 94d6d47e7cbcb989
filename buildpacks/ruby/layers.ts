import type { LayerChoice } from '../lib/buildpack.ts'
import { platformEnvironment } from '../lib/config.ts'
import { runProgram } from '../lib/process.ts'
import type { Source } from '../lib/source.ts'
import { readPackageJson } from '../node/package-json.ts'
import { choosePackageManager } from '../node/package-manager.ts'
import { chooseRuntime } from '../node/runtime.ts'
import { type Lock, readLock } from './lock.ts'
import { chooseRuby, findRubyWish } from './version.ts'

/** Gems without C in them. An app of only these needs no compilers, which are 280 MB. */
const pure =
  /^(rack(-\w+)?|rackup|sinatra(-\w+)?|padrino\S*|roda|hanami-router|mustermann(-\w+)?|tilt|webrick|rake|thor|ruby2_keywords|logger|base64|mutex_m|i18n|tzinfo|concurrent-ruby|zeitwerk|minitest|rspec\S*|haml|slim|temple|kramdown|rouge|dotenv|ostruct|erubi|multi_json|addressable|public_suffix|rexml|json_pure|redis(-client)?|connection_pool|mail|mini_mime)$/

/** What gems are compiled against or load when they run, beside Ruby's own headers. */
const native: readonly { readonly gem: RegExp; readonly packages: readonly string[] }[] = [
  { gem: /^pg$/, packages: ['libpq-dev'] },
  { gem: /^(mysql2|trilogy)$/, packages: ['default-libmysqlclient-dev'] },
  { gem: /^sqlite3$/, packages: ['libsqlite3-dev'] },
  { gem: /^nokogiri$/, packages: ['libxml2-dev', 'libxslt1-dev'] },
  { gem: /^(ffi|fiddle)$/, packages: ['libffi-dev'] },
  { gem: /^psych$/, packages: ['libyaml-dev'] },
  { gem: /^(ruby-vips|image_processing)$/, packages: ['libvips42'] },
  { gem: /^rmagick$/, packages: ['libmagickwand-dev'] },
  { gem: /^mini_magick$/, packages: ['imagemagick'] },
  { gem: /^charlock_holmes$/, packages: ['libicu-dev'] },
  { gem: /^curb$/, packages: ['libcurl4-openssl-dev'] },
  { gem: /^rugged$/, packages: ['cmake', 'libssl-dev'] },
  { gem: /^(openssl|eventmachine)$/, packages: ['libssl-dev'] },
]

/** Gems that call a JavaScript runtime while assets are made. */
const needsNode =
  /^(execjs|webpacker|shakapacker|jsbundling-rails|cssbundling-rails|vite_ruby|uglifier|terser|coffee-script)$/

export async function chooseLayers(source: Source): Promise<LayerChoice> {
  const lock = await readLock(source)
  const machine = source.stack === 'local' ? await askRuby() : null
  const isCompiled = [...lock.gems.keys()].some((name) => !pure.test(name))
  const packages = ['ruby', 'bundler', ...(isCompiled ? ['ruby-dev', ...chooseNativePackages(lock)] : [])]
  const layer = `apt ${packages.join(' ')} for ruby bundle`
  const { offer, warnings } = chooseRuby({ stack: source.stack, machine, layer }, await findRubyWish(source))
  return {
    lines: [offer.layer, ...(await chooseNodeLines(source, lock)), ...(isCompiled ? ['toolchain'] : [])],
    warnings,
  }
}

export function chooseNativePackages({ gems }: Pick<Lock, 'gems'>): string[] {
  const needed = native.filter(({ gem }) => [...gems.keys()].some((name) => gem.test(name)))
  return [...new Set(needed.flatMap(({ packages }) => packages))]
}

async function chooseNodeLines(source: Source, { gems }: Lock): Promise<readonly string[]> {
  if (source.names.has('package.json')) {
    const manifest = await readPackageJson(source.app)
    return chooseRuntime(manifest, await choosePackageManager(source.app, manifest), false).lines
  }
  return [...gems.keys()].some((name) => needsNode.test(name)) ? ['node 24.x'] : []
}

/** `3.1.2`; null where there is none. */
export async function askRuby(): Promise<string | null> {
  const options = { directory: '/', environment: platformEnvironment, isQuiet: true }
  const found = await runProgram('ruby', ['-e', 'print RUBY_VERSION'], options).catch(() => null)
  return /^\d+\.\d+\.\d+$/.exec(found?.output ?? '')?.[0] ?? null
}

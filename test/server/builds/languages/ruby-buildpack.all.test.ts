// Real gems: those that Debian's packages have, packed again and offered by a mirror, because rubygems.org is not reached by each
// machine that runs the tests.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { language } from '../../../../buildpacks/ruby/language.ts'
import { type GemMirror, openGems } from '../mirrors/open-gems.ts'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'
import { expectFailure, listUnprovoked } from './provoke.ts'

const extension = 's.extensions = ["extconf.rb"]'
const makefile = 'require "mkmf"\ncreate_makefile("x")\n'

/** Changes to Gemfile and its lock file, or to the first alone. */
const ofGems: readonly [id: string, change: (text: string) => string, files?: 'Gemfile'][] = [
  ['gemfile-lock-out-of-sync', (text) => `${text}gem "tilt"\n`, 'Gemfile'],
  ['gemfile-syntax', (text) => `${text}gem "x\n`, 'Gemfile'],
  ['ruby-version-mismatch', (text) => text.replace('~> 3.1', '~> 9.1'), 'Gemfile'],
  ['gem-version-gone', (text) => text.replace('webrick (1.8.1)', 'webrick (9.9.9)')],
  ['version-not-available', (text) => text.replace('~> 3.1', '~> 9.1').replace(/\nRUBY VERSION\n.*\n/, '')],
  ['gem-needs-ruby', (text) => addGem(text, 'needs-newer')],
  ['native-extension', (text) => addGem(text, 'needs-header')],
  ['header-missing', (text) => addGem(text, 'includes-idna')],
  ['header-missing-pg', (text) => addGem(text, 'includes-libpq-fe')],
  ['sqlite', (text) => addGem(text, 'includes-sqlite3')],
  ['gemfile-lock-conflict', (text) => text.replace('GEM\n', '<<<<<<< HEAD\nGEM\n')],
  ['lock-platform-missing', (text) => text.replace(/PLATFORMS\n(?: {2}.*\n)+/, 'PLATFORMS\n  x64-mingw32\n')],
  ['gem-path-missing', (text) => addSource(text, 'PATH', '../own', 'path: "../own"')],
  ['gem-git', (text) => addSource(text, 'GIT', 'https://127.0.0.1:9/own.git', 'git: "https://127.0.0.1:9/own.git"')],
]
/** In a task of the app's own, Ruby and its libraries say what they say in Rails. */
const ofTasks: readonly [id: string, task: string][] = [
  ['gem-only-in-development', 'require "rspec"'],
  ['command-not-found', 'exec "bundle exec rubocop"'],
  ['psych-alias', 'require "yaml"; YAML.load("a: &x 1\nb: *x")'],
  ['assets-env-missing', 'ENV.fetch("STRIPE_KEY")'],
  ['assets-node-missing', 'sh "yarn install"'],
  ['assets-syntax', 'eval "def x(:"'],
  ['assets-constant', 'Rack::Cors'],
  ['assets-database', 'require "pg"; PG.connect("host=127.0.0.1 port=1")'],
]
const ofRails: readonly [id: string, file: string, change: (text: string) => string][] = [
  ['assets-not-found', 'app/assets/stylesheets/application.css', (text) => `/*\n *= require nosuch\n */\n${text}`],
  [
    'assets-secret',
    'config/environments/production.rb',
    (text) => text.replace(/^end/m, '  config.require_master_key = true\nend'),
  ],
]
/** Why the rest is not provoked here. */
const unprovoked = {
  'gem-conflict': 'Bundler does not resolve anything with a lock file that fits',
  'gem-checksum': 'an index of the older form, as Debian makes it, has no checksums',
  'gem-git-revision': 'needs a git server',
  'header-missing-mysql': 'mysql2 says it itself, and is no Debian package that compiles',
  'bundler-version': "older versions of RubyGems than the stack's said it",
  'logger-not-loaded': 'needs Rails and concurrent-ruby in versions that Debian has not beside each other',
  'assets-uglifier': 'needs uglifier',
  'assets-sass': 'needs a compiler of Sass',
}

describe('a Ruby app on a server', () => {
  let server: LanguageServer
  let gems: GemMirror
  beforeAll(async () => {
    server = await openLanguageServer()
    gems = await openGems(server.hearth)
    await gems.make('needs-newer', 's.required_ruby_version = ">= 9"')
    await gems.make('needs-header', extension, { 'extconf.rb': `require "mkmf"\nabort unless have_header("no.h")\n` })
    for (const name of ['idna', 'libpq-fe', 'sqlite3'])
      await gems.make(`includes-${name}`, extension, { 'extconf.rb': makefile, 'x.c': `#include <${name}.h>\n` })
    await gems.make('compiled', extension, { 'extconf.rb': makefile, 'x.c': 'void Init_x(void) {}\n' })
    await gems.offer()
  }, 600_000)
  afterAll(async () => {
    await gems?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  async function openApp(name: string) {
    const app = await server.open(name)
    await app.set({ BUNDLE_MIRROR__ALL: gems.url })
    return app
  }

  it('of Sinatra runs, keeps its gems, and drops them when they could be others', async () => {
    const app = await openApp('ruby-sinatra')
    await app.set({ GREETING: 'good morning' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('Ruby app detected')
    expect(first.output).toContain('Installing sinatra')
    expect(first.output).not.toContain('Installing rake')
    await app.waitFor('good morning from Ruby')
    await app.scale(2)
    expect((await app.ask('/')).text).toMatch(/^good morning from Ruby 3\.\d+\.\d+, production$/m)
    expect((await app.run('bundle exec ruby -e "require %q(sinatra); puts 6 * 7"')).output).toContain('42')
    expect(await app.facts()).toMatchObject({ ruby_version: expect.stringMatching(/^3\.\d+\.\d+$/) })
    await writeFile(path.join(app.folder, 'app.rb'), 'require "sinatra"\n\nget("/") { "changed" }\n')
    expect((await app.deploy()).output).toContain('Nothing changed since the last build: using its gems')
    await app.waitFor('changed')
    await app.set({ BUNDLE_WITHOUT: 'test' })
    const third = await app.deploy()
    expect(third.output).toContain("Not using the gems of the last build: Bundler's settings changed")
    expect(third.output).toContain('Installing rake')
  })

  it('is the same slug for another app, with what it compiled', async () => {
    const build = async () => {
      const app = await openApp('ruby-sinatra')
      for (const name of ['Gemfile', 'Gemfile.lock']) await app.change(name, (text) => addGem(text, 'compiled'))
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      expect((await app.run('bundle exec ruby -e "require %q(x)"')).exitCode).toBe(0)
      return app.checksum()
    }
    expect(await build()).toBe(await build())
  })

  it('of Rails has compiled assets, and as many workers as its dyno has memory for', async () => {
    const app = await openApp('ruby-rails')
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toMatch(/Precompiling assets[\s\S]*Writing \S+application-/)
    await app.waitFor('hello from Rails')
    const page = await app.ask('/')
    const style = await app.ask(/\/assets\/[^"]+\.css/.exec(page.text)?.[0] ?? '')
    expect(style).toMatchObject({ status: 200, text: expect.stringContaining('color') })
    const asked = await app.run('echo "$WEB_CONCURRENCY $RAILS_ENV $(printf %s "$SECRET_KEY_BASE" | wc -c)"')
    expect(asked.output).toMatch(/^[12] production 128$/m)
    const again = await app.deploy()
    expect(again.output).toContain('using its gems')
    expect(again.output).not.toContain('Writing')
  })

  it.each(ofGems)('that fails is told %s', async (id, change, files) => {
    const app = await openApp('ruby-sinatra')
    for (const name of files ? [files] : ['Gemfile', 'Gemfile.lock']) await app.change(name, change)
    await expectFailure(app, id)
  })

  it.each(ofTasks)('whose assets fail is told %s', async (id, task) => {
    const app = await openApp('ruby-sinatra')
    await app.set({ BUNDLE_WITHOUT: 'test' })
    if (task.includes('"pg"'))
      for (const name of ['Gemfile', 'Gemfile.lock']) await app.change(name, (text) => addGem(text, 'pg', '1.4.5'))
    await writeFile(path.join(app.folder, 'Rakefile'), `task("assets:precompile") { ${task} }\n`)
    await expectFailure(app, id)
  })

  it.each(ofRails)('of Rails whose assets fail is told %s', async (id, name, change) => {
    const app = await openApp('ruby-rails')
    await app.change(name, change)
    await writeFile(path.join(app.folder, 'config/credentials.yml.enc'), 'of no key that is here')
    await expectFailure(app, id)
  })

  it.each(['gem-server-unreachable', 'gem-login', 'gem-not-found'] as const)(
    'without its gems is told %s',
    async (id) => {
      const app = await openApp('ruby-sinatra')
      await app.set(ofGemServers(gems.url)[id])
      await expectFailure(app, id)
    },
  )

  it('is recognised by nothing that was not provoked, but where it is said why not', () => {
    const others = Object.keys(ofGemServers('')).map((id) => [id] as const)
    expect(listUnprovoked(language.failures, [...ofGems, ...ofTasks, ...ofRails, ...others])).toEqual(
      Object.keys(unprovoked),
    )
  })
})

const ofGemServers = (url: string) => ({
  'gem-server-unreachable': { BUNDLE_MIRROR__ALL: 'http://127.0.0.1:9/' },
  'gem-login': { BUNDLE_MIRROR__ALL: `${url}private/` },
  'gem-not-found': { BUNDLE_PATH__SYSTEM: 'true' },
})

function addGem(text: string, name: string, version = '1.0.0'): string {
  if (!text.startsWith('GEM\n')) return `${text}gem "${name}"\n`
  return text
    .replace('  specs:\n', `  specs:\n    ${name} (${version})\n`)
    .replace('DEPENDENCIES\n', `DEPENDENCIES\n  ${name}\n`)
}

/** The gem own, which comes from somewhere else. */
function addSource(text: string, section: string, remote: string, option: string): string {
  if (!text.startsWith('GEM\n')) return `${text}gem "own", ${option}\n`
  const revision = section === 'GIT' ? `  revision: ${'a'.repeat(40)}\n` : ''
  return `${section}\n  remote: ${remote}\n${revision}  specs:\n    own (1.0.0)\n\n${text}`.replace(
    'DEPENDENCIES\n',
    'DEPENDENCIES\n  own!\n',
  )
}

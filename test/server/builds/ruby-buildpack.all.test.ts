// Real gems: those that Debian's packages have, packed again and offered by a mirror, because rubygems.org is not reached by each
// machine that runs the tests.
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'
import { type Mirror, openMirror } from './mirrors/open-mirror.ts'

const debianPackages = ['ruby', 'ruby-sinatra', 'ruby-webrick', 'ruby-railties', 'ruby-sprockets-rails', 'puma']
const gems = ['sinatra', 'webrick', 'railties', 'sprockets-rails', 'puma', 'rake']

describe('a Ruby app on a server', () => {
  let server: LanguageServer
  let mirror: Mirror
  beforeAll(async () => {
    server = await openLanguageServer()
    const machine = server.hearth.server
    await machine.exec(['apt-get', 'update', '-qq'])
    await machine.exec(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', ...debianPackages])
    await cp(path.join(import.meta.dirname, 'mirrors/repack-gems.rb'), machine.path('/opt/repack-gems.rb'))
    await machine.exec(['ruby', '/opt/repack-gems.rb', '/opt/mirror/gems', ...gems])
    await makeGem('needs-newer', 's.required_ruby_version = ">= 9"')
    await makeGem('needs-header', 's.extensions = ["extconf.rb"]; s.files = ["extconf.rb"]')
    await machine.exec(['gem', 'generate_index', '--directory', '/opt/mirror'])
    mirror = await openMirror(server.hearth, '/opt/mirror')
  }, 600_000)
  afterAll(async () => {
    await mirror?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  async function makeGem(name: string, more: string): Promise<void> {
    const extconf = 'require "mkmf"\nabort unless have_header("nowhere.h")\ncreate_makefile("x")\n'
    const spec = `Gem::Specification.new { |s| s.name = "${name}"; s.version = "1.0.0"; s.summary = "x"; s.authors = ["x"]; s.files = []; ${more} }`
    const script = `mkdir -p /opt/${name} && cd /opt/${name} && printf %s "$1" >extconf.rb && printf %s "$2" >x.gemspec &&
      gem build x.gemspec --output=/opt/mirror/gems/${name}-1.0.0.gem`
    await server.hearth.server.exec(['sh', '-c', script, 'make', extconf, spec])
  }

  async function openApp(name: string) {
    const app = await server.open(name)
    await app.set({ BUNDLE_MIRROR__ALL: mirror.url })
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

  it.each<[id: string, files: 'Gemfile' | 'both', change: (text: string) => string]>([
    ['gemfile-lock-out-of-sync', 'Gemfile', (text) => `${text}gem "tilt"\n`],
    ['gemfile-syntax', 'Gemfile', (text) => `${text}gem "x\n`],
    ['gem-version-gone', 'both', (text) => text.replace('webrick (1.8.1)', 'webrick (9.9.9)')],
    ['version-not-available', 'both', (text) => text.replace('~> 3.1', '~> 9.1').replace(/\nRUBY VERSION\n.*\n/, '')],
    ['gem-needs-ruby', 'both', (text) => addGem(text, 'needs-newer')],
    ['native-extension', 'both', (text) => addGem(text, 'needs-header')],
    ['gemfile-lock-conflict', 'both', (text) => text.replace('GEM\n', '<<<<<<< HEAD\nGEM\n')],
    ['lock-platform-missing', 'both', (text) => text.replace(/PLATFORMS\n(?: {2}.*\n)+/, 'PLATFORMS\n  x64-mingw32\n')],
  ])('that fails is told %s', async (id, files, change) => {
    const app = await openApp('ruby-sinatra')
    for (const name of files === 'both' ? ['Gemfile', 'Gemfile.lock'] : ['Gemfile']) {
      const file = path.join(app.folder, name)
      await writeFile(file, change(await readFile(file, 'utf8')))
    }
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })
})

function addGem(text: string, name: string): string {
  if (!text.startsWith('GEM\n')) return `${text}gem "${name}"\n`
  return text
    .replace('  specs:\n', `  specs:\n    ${name} (1.0.0)\n`)
    .replace('DEPENDENCIES\n', `DEPENDENCIES\n  ${name}\n`)
}

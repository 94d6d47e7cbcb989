import { describe, expect, it } from 'vitest'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { assetFailures, rubyFailures } from '../../buildpacks/ruby/failures.ts'
import { chooseProcesses, warnOfServer } from '../../buildpacks/ruby/framework.ts'
import { chooseLayers } from '../../buildpacks/ruby/layers.ts'
import { parseLock } from '../../buildpacks/ruby/lock.ts'
import { chooseRuby, findRubyWish, relaxGemfile } from '../../buildpacks/ruby/version.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const write = async (files: Record<string, string | object>) => ({ ...(await app.write(files)), stack: 'debian-12' })

/** As Bundler writes it. */
function renderLock(gems: readonly string[], more = ''): string {
  const specs = gems.map((gem) => `    ${gem}\n`).join('')
  return `GEM\n  remote: https://rubygems.org/\n  specs:\n${specs}\nPLATFORMS\n  ruby\n  x86_64-linux\n${more}\nBUNDLED WITH\n   2.5.23\n`
}

describe('Gemfile.lock', () => {
  it('tells gems, Ruby and Bundler, with the line ends of Windows too', () => {
    const text = renderLock(
      ['nokogiri (1.16.0-x86_64-linux)\n      racc (~> 1.4)', 'racc (1.8.1)'],
      '\nRUBY VERSION\n   ruby 3.3.6p108\n',
    )
    for (const one of [text, text.replaceAll('\n', '\r\n')]) {
      const { gems, ruby, bundler, hasPaths } = parseLock(one)
      expect([...gems]).toEqual([
        ['nokogiri', '1.16.0'],
        ['racc', '1.8.1'],
      ])
      expect({ ruby, bundler, hasPaths }).toEqual({ ruby: '3.3.6', bundler: '2.5.23', hasPaths: false })
    }
    expect(parseLock(`PATH\n  remote: engines/shop\n${text}`).hasPaths).toBe(true)
  })

  it('has to be there, without the marks of a merge, and of Ruby itself', async () => {
    await expect(chooseLayers(await write({ Gemfile: '' }))).rejects.toMatchObject({ id: 'gemfile-lock-missing' })
    const conflict = { 'Gemfile.lock': '<<<<<<< HEAD\n' }
    await expect(chooseLayers(await write(conflict))).rejects.toMatchObject({ id: 'gemfile-lock-conflict' })
    const jruby = { 'Gemfile.lock': renderLock([], '\nRUBY VERSION\n   ruby 3.1.4p0 (jruby 9.4.5.0)\n') }
    await expect(chooseLayers(await write(jruby))).rejects.toMatchObject({ id: 'ruby-engine' })
  })
})

describe('the version of Ruby', () => {
  it.each([
    [
      { 'Gemfile.lock': renderLock([], '\nRUBY VERSION\n   ruby 3.1.2p20\n'), Gemfile: 'ruby "3.1.4"' },
      '3.1',
      'Gemfile.lock',
    ],
    [{ Gemfile: "source 'x'\nruby '3.1.4'\n", '.ruby-version': '3.0' }, '3.1.4', 'Gemfile'],
    [{ Gemfile: 'ruby "~> 3.1"' }, '^3.1.0', 'Gemfile'],
    [{ Gemfile: 'ruby("~> 3.1.0")' }, '~3.1.0', 'Gemfile'],
    [{ Gemfile: 'ruby ">= 2.7"' }, '>= 2.7', 'Gemfile'],
    [{ Gemfile: 'ruby file: ".ruby-version"', '.ruby-version': 'ruby-3.1.2\n' }, '3.1.2', '.ruby-version'],
    [{ Gemfile: '# ruby "3.0.0"', '.tool-versions': 'nodejs 24\nruby 3.1.2\n' }, '3.1.2', '.tool-versions'],
  ])('of %j is %s from %s', async (files, text, from) => {
    expect(await findRubyWish(await write(files))).toEqual({ text, from })
  })

  const choose = (text: string | null, stack = 'debian-12', machine: string | null = null) =>
    chooseRuby({ stack, machine, layer: 'apt ruby' }, text === null ? null : { text, from: 'Gemfile' })

  it("is the stack's own, or the machine's, where that fits", () => {
    for (const text of ['3.1', '^3.1.0', '~3.1.0', '>= 2.7', '3'])
      expect(choose(text), text).toEqual({ offer: { version: '3.1', layer: 'apt ruby' }, warnings: [] })
    expect(choose('3.3', 'debian-13').offer.version).toBe('3.3')
    expect(choose('3.2', 'local', '3.2.8').offer.version).toBe('3.2.8')
    expect(choose(null).warnings[0]).toMatch(/names no version of Ruby: using 3\.1.*\n.*\n {2}ruby "~> 3\.1\.0"/)
  })

  it('is another patch of the same line with a warning, and never another line', () => {
    expect(choose('3.1.4').warnings[0]).toMatch(/3\.1\.4 .* using 3\.1, of the same line/)
    expect(choose('3.1.4', 'local', '3.1.2').warnings[0]).toMatch(/using 3\.1\.2/)
    for (const text of ['3.4.1', '~3.3.0', '2.7']) expect(() => choose(text), text).toThrow(/No version of Ruby fits/)
  })

  it('that another patch stands in for is told to Bundler, in the slug only', () => {
    expect(relaxGemfile('source "x"\nruby "3.1.4"\ngem "rack"\n', '3.1.2')).toBe(
      'source "x"\nruby "~> 3.1.0"\ngem "rack"\n',
    )
    expect(relaxGemfile("ruby('3.1.4')", '3.1.2')).toBe("ruby('~> 3.1.0')")
    for (const gemfile of ['ruby "3.1.2"', 'ruby "~> 3.1"', 'ruby "3.3.6"', '# ruby "3.1.4"', 'gem "ruby"'])
      expect(relaxGemfile(gemfile, '3.1.2'), gemfile).toBeNull()
  })
})

describe('the layers of a Ruby app', () => {
  it.each([
    [['rack (2.2.22)', 'sinatra (3.0.5)', 'webrick (1.8.1)'], {}, ['apt ruby bundler for ruby bundle']],
    [['puma (6.4.0)', 'pg (1.5.4)'], {}, ['apt ruby bundler ruby-dev libpq-dev for ruby bundle', 'toolchain']],
    [['execjs (2.9.1)'], {}, ['apt ruby bundler ruby-dev for ruby bundle', 'node 24.x', 'toolchain']],
    [
      ['rack (3.0.0)'],
      { 'package.json': '{"engines":{"node":"22.x"}}' },
      ['apt ruby bundler for ruby bundle', 'node 22.x'],
    ],
  ])('with %j and %j are %j', async (gems, files, lines) => {
    const source = await write({ 'Gemfile.lock': renderLock(gems, '\nRUBY VERSION\n   ruby 3.1.2p20\n'), ...files })
    expect((await chooseLayers(source)).lines).toEqual(lines)
  })
})

describe('the default process types of a Ruby app', () => {
  const web = async (gems: readonly string[], files: Record<string, string>) =>
    (await chooseProcesses(await write(files), parseLock(renderLock(gems)))).find(({ type }) => type === 'web')

  it.each([
    [['railties (7.1.0)'], { 'bin/rails': '' }, 'bin/rails server -p $PORT -e $RAILS_ENV -b 0.0.0.0'],
    [['railties (7.1.0)'], {}, 'bundle exec rails server -p $PORT -e $RAILS_ENV -b 0.0.0.0'],
    [['puma (6.4.0)'], { 'config.ru': '' }, 'bundle exec puma -p $PORT'],
    [['rack (2.2.22)'], { 'config.ru': '' }, 'bundle exec rackup config.ru -p $PORT -o 0.0.0.0'],
    [['sinatra (3.0.5)'], { 'app.rb': "require 'sinatra'\n" }, 'bundle exec ruby app.rb -p $PORT -o 0.0.0.0'],
    [['sinatra (3.0.5)'], { 'app.rb': "require 'sinatra/base'\n" }, undefined],
  ])('with %j and %j: %s', async (gems, files, command) => {
    expect((await web(gems, files))?.command).toBe(command)
  })

  it('are said to lack a server before they fail for it', () => {
    expect(warnOfServer(parseLock(renderLock(['rack (3.1.0)'])), new Set(['config.ru']))).toMatch(/bundle add puma/)
    expect(warnOfServer(parseLock(renderLock(['puma (6.4.0)'])), new Set(['config.ru']))).toBeNull()
  })
})

describe('failures of a Ruby build', () => {
  const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
  it.each([
    ['Your Ruby version is 3.1.2, but your Gemfile specified 3.3.6', 'ruby-version-mismatch', '3.3.6'],
    [
      'needs-1.0.0 requires ruby version >= 3.3, which is incompatible with the current\nversion, ruby 3.1.2p20',
      'gem-needs-ruby',
      'needs-1.0.0',
    ],
    [
      'You are trying to install in deployment mode after changing\nyour Gemfile. Run `bundle install` elsewhere',
      'gemfile-lock-out-of-sync',
      '',
    ],
    [
      'Your bundle is locked to webrick (1.9.9) from rubygems repository\nhttps://rubygems.org/ or installed locally, but that version can no longer be\nfound in that source.',
      'gem-version-gone',
      'webrick (1.9.9)',
    ],
    [
      "Could not find gem 'webrik' in rubygems repository https://rubygems.org/ or installed locally.",
      'gem-not-found',
      'webrik',
    ],
    ['Bundler could not find compatible versions for gem "rack":', 'gem-conflict', ''],
    ['[!] There was an error parsing `Gemfile`: unterminated string meets end of file', 'gemfile-syntax', 'Gemfile'],
    [
      'Your bundle only supports platforms ["x64-mingw32"] but your local platform is\nx86_64-linux.',
      'lock-platform-missing',
      'x64-mingw32',
    ],
    ['Authentication is required for gems.example.com.\nPlease supply credentials', 'gem-login', 'gems.example.com'],
    [
      'Could not reach host index.rubygems.org. Check your network connection and try\nagain.',
      'gem-server-unreachable',
      'index.rubygems.org',
    ],
    [
      'Git error: command `git clone --bare --no-hardlinks --quiet --\nhttps://git.example.com/x.git\n/app/vendor` in directory /app has failed.',
      'gem-git',
      'https://git.example.com/x.git',
    ],
    ['The path `/webrick` does not exist.', 'gem-path-missing', '/webrick'],
    [
      'checking for pg_config... no\nAn error occurred while installing pg (1.5.4), and Bundler cannot continue.\npg_config is missing',
      'header-missing-pg',
      'PostgreSQL',
    ],
    ['idn.c:1:10: fatal error: idna.h: No such file or directory', 'header-missing', 'idna.h'],
    [
      'An error occurred while installing native (1.0.0), and Bundler cannot continue.\n\nIn Gemfile:\n  native',
      'native-extension',
      'native (1.0.0)',
    ],
    ['Psych::BadAlias: Unknown alias: default', 'psych-alias', ''],
    ['uninitialized constant ActiveSupport::LoggerThreadSafeLevel::Logger (NameError)', 'logger-not-loaded', ''],
    ['bundler: command not found: rspec\nInstall missing gem executables', 'command-not-found', 'rspec'],
    ["-e:1:in `require': cannot load such file -- nosuch (LoadError)", 'gem-only-in-development', "'nosuch'"],
    ['rake aborted!\nPG::ConnectionBad: connection to server at "127.0.0.1", port 1 failed', 'assets-database', ''],
    ["ArgumentError: Missing `secret_key_base` for 'production' environment", 'assets-secret', ''],
    ['KeyError: key not found: "STRIPE_KEY"', 'assets-env-missing', 'STRIPE_KEY'],
    ['rake aborted!\nCommand failed with status (127): [yarn install...]', 'assets-node-missing', ''],
    ['ExecJS::RuntimeUnavailable: Could not find a JavaScript runtime.', 'assets-node-missing', ''],
    [
      "Sprockets::FileNotFound: couldn't find file 'jquery' with type 'application/javascript'",
      'assets-not-found',
      'jquery',
    ],
    ['Uglifier::Error: Unexpected token: name (x)', 'assets-uglifier', 'Unexpected token'],
    ['SassC::SyntaxError: Error: Undefined variable: "$brand".', 'assets-sass', '$brand'],
    ['NameError: uninitialized constant Rack::Cors', 'assets-constant', 'Rack::Cors'],
    ['whatever', 'unknown', ''],
  ])('%j is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, [...assetFailures, ...rubyFailures], fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})

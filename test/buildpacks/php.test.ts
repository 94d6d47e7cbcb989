import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../agent/exec/command.ts'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { readComposer, toRange } from '../../buildpacks/php/composer-files.ts'
import { chooseExtensionPackages } from '../../buildpacks/php/extensions.ts'
import { phpFailures } from '../../buildpacks/php/failures.ts'
import { chooseDefaults, chooseWebProcess, chooseWebServers, warnOfFramework } from '../../buildpacks/php/framework.ts'
import { readProgramFolder } from '../../buildpacks/php/install.ts'
import { chooseLayers } from '../../buildpacks/php/layers.ts'
import { serveScript } from '../../buildpacks/php/serve-script.ts'
import { choosePhp } from '../../buildpacks/php/version.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const write = async (files: Record<string, string | object>) => ({ ...(await app.write(files)), stack: 'debian-12' })

describe('composer.json and composer.lock', () => {
  it('tell packages, PHP and the extensions of all of them', async () => {
    const source = await write({
      'composer.json': { require: { php: '^8.1', 'laravel/framework': '^11', 'ext-PDO_pgsql': '*' } },
      'composer.lock': {
        packages: [
          { name: 'laravel/framework', version: 'v11.2.0', require: { 'ext-intl': '*', 'ext-Zend-OPcache': '*' } },
        ],
        platform: { php: '^8.2' },
      },
    })
    const { packages, php, extensions } = await readComposer(source)
    expect([...packages]).toEqual([['laravel/framework', '11.2.0']])
    expect(php).toBe('^8.2')
    expect([...extensions].sort()).toEqual(['intl', 'opcache', 'pdo_pgsql'])
  })

  it.each([
    [{ 'composer.json': { require: { 'a/b': '^1' } } }, 'composer-lock-missing'],
    [{ 'composer.json': '{' }, 'composer-json'],
    [{ 'composer.json': {}, 'composer.lock': '<<<<<<< HEAD\n{}' }, 'composer-conflict'],
  ])('%j is refused as %s', async (files, id) => {
    await expect(readComposer(await write(files))).rejects.toMatchObject({ id })
  })

  it('need not be there, nor a lock where nothing is to be installed; COMPOSER gives another name', async () => {
    expect((await readComposer(await write({ 'index.php': '' }))).manifest).toBeNull()
    expect((await readComposer(await write({ 'composer.json': { require: { php: '^8.2' } } }))).php).toBe('^8.2')
    const named = await write({
      'other.json': { require: { php: '^8.3' } },
      'other.lock': '{"platform":{"php":"^8.4"}}',
    })
    expect((await readComposer({ ...named, configVars: new Map([['COMPOSER', 'other.json']]) })).php).toBe('^8.4')
  })
})

describe('the version of PHP', () => {
  it.each([
    ['^8.1', '^8.1'],
    ['^7.4|^8.0', '^7.4 || ^8.0'],
    ['>=8.1,<8.4', '>=8.1 <8.4'],
    ['~8.2', '^8.2'],
    ['~8.2.0', '~8.2.0'],
    ['8.2.*', '8.2.x'],
    ['>= 8.2 != 8.2.5', '>=8.2'],
  ])('%s is %s in our notation', (constraint, range) => {
    expect(toRange(constraint)).toBe(range)
  })

  const choose = (constraint: string | null, machine: string | null = null) =>
    choosePhp({ stack: machine ? 'local' : 'debian-12', machine, layer: 'apt php' }, constraint)

  it("is the stack's own, or the machine's, and nothing else", () => {
    for (const constraint of ['^8.1', '~8.2.0', '8.2.*', '>=7.4', 'dev-master'])
      expect(choose(constraint).warnings).toEqual([])
    expect(choose('^8.1', '8.3.4').offer.version).toBe('8.3.4')
    expect(choose(null).warnings[0]).toMatch(/names no version of PHP: using 8\.2/)
    for (const constraint of ['^8.3', '~8.1.0', '^7.4'])
      expect(() => choose(constraint), constraint).toThrow(/No version of PHP fits/)
  })
})

describe('the layers of a PHP app', () => {
  it('have the extensions that are asked for, by what Debian calls them', () => {
    const always = ['php-curl', 'php-mbstring', 'php-xml', 'php-zip']
    expect(chooseExtensionPackages(new Set(['json', 'pdo', 'dom', 'openssl']))).toEqual(always)
    expect(chooseExtensionPackages(new Set(['pdo_pgsql', 'pgsql', 'redis']))).toEqual(
      expect.arrayContaining(['php-pgsql', 'php-redis']),
    )
    expect(() => chooseExtensionPackages(new Set(['oci8']))).toThrow(/extension oci8/)
  })

  it.each([
    [undefined, ['apache2']],
    ['web: heroku-php-nginx -C nginx.conf public/\n', ['nginx']],
    ['web: vendor/bin/heroku-php-apache2 public/\nadmin: heroku-php-nginx\n', ['apache2', 'nginx']],
    ['worker: php worker.php\n', []],
  ])('have the web servers that the Procfile %j names', async (text, servers) => {
    expect(await chooseWebServers(await write(text === undefined ? {} : { Procfile: text }))).toEqual(servers)
  })

  it('are one line', async () => {
    const source = await write({ 'composer.json': { require: { php: '^8.2' } }, Procfile: 'web: heroku-php-nginx' })
    expect((await chooseLayers(source)).lines).toEqual([
      'apt php-cli systemd-standalone-tmpfiles php-fpm composer nginx-light php-curl php-mbstring php-xml php-zip for php composer',
    ])
  })
})

describe('what a framework gets', () => {
  const laravel = { packages: new Map([['laravel/framework', '11.0.0']]) }

  it('are its own defaults under the config vars of the app, and a word on what is missing', () => {
    expect(chooseDefaults(laravel, new Map())).toEqual({ APP_ENV: 'production', LOG_CHANNEL: 'stderr' })
    expect(chooseDefaults(laravel, new Map([['APP_ENV', 'staging']]))).toEqual({ LOG_CHANNEL: 'stderr' })
    expect(chooseDefaults({ packages: new Map([['symfony/framework-bundle', '7.0.0']]) }, new Map())).toMatchObject({
      APP_ENV: 'prod',
    })
    expect(warnOfFramework(laravel, new Map())).toMatch(/APP_KEY/)
    expect(warnOfFramework(laravel, new Map([['APP_KEY', 'x']]))).toBeNull()
  })

  it.each([
    [{ 'index.php': '', 'public/index.php': '' }, 'heroku-php-apache2', null],
    [{ 'public/index.php': '' }, 'heroku-php-apache2 public/', 'public/index.php'],
    [{ 'web/index.php': '' }, 'heroku-php-apache2 web/', 'web/index.php'],
    [{ 'composer.json': {} }, 'heroku-php-apache2', null],
  ])('without a Procfile and with %j is served by %s', async (files, command, guessedFrom) => {
    expect(await chooseWebProcess(await write(files))).toEqual({ type: 'web', command, guessedFrom })
  })
})

it.each([
  [null, 'vendor/bin'],
  [{}, 'vendor/bin'],
  [{ 'vendor-dir': 'lib' }, 'lib/bin'],
  [{ 'bin-dir': 'bin/' }, 'bin'],
  [{ 'vendor-dir': 'lib', 'bin-dir': '{$vendor-dir}/programs' }, 'lib/programs'],
  [{ 'bin-dir': '../outside' }, 'vendor/bin'],
])('the programs of packages are with %j in %s', (config, folder) => {
  expect(readProgramFolder(config && { config })).toBe(folder)
})

describe('the command of a web process', () => {
  const call = async (server: string, parameters: readonly string[], environment = {}) => {
    await write({ 'public/index.php': '' })
    const command = path.join(app.path, `heroku-php-${server}`)
    await writeFile(command, serveScript, { mode: 0o755 })
    const options = {
      environment: { PATH: '/usr/bin:/bin', HOME: app.path, PORT: '5000', ...environment },
      expectedStatuses: [2, 3],
    }
    const { status, stderr } = await runCommand(['bash', command, ...parameters], options)
    return `${status} ${stderr}`
  }

  it.each([
    ['nginx', ['-C', 'nowhere.conf'], {}, '2 heroku-php-nginx: there is no file nowhere.conf to include'],
    ['apache2', ['-i', 'nowhere.ini'], {}, '2 heroku-php-apache2: there is no php.ini nowhere.ini'],
    ['apache2', ['no folder/'], {}, '2 heroku-php-apache2: there is no folder no folder/ to serve'],
    ['apache2', ['-x'], {}, '2 heroku-php-apache2: the option -x is not known'],
    ['apache2', ['public'], { PORT: '' }, '2 heroku-php-apache2: PORT is not set'],
    ['caddy', ['public'], {}, '2 heroku-php-caddy: call it as heroku-php-apache2 or heroku-php-nginx'],
  ])('of %s with %j says what is wrong with it', async (server, parameters, environment, said) => {
    expect(await call(server, parameters, environment)).toContain(said)
  })

  it.each([
    [{}, [], 4],
    [{ 'public/.user.ini': '; ours\nmemory_limit = 256M\n' }, [], 2],
    [{ 'fpm.conf': 'php_admin_value[memory_limit] = 64M\n' }, ['-F', 'fpm.conf'], 8],
    [{ 'php.ini': 'memory_limit="1G"' }, ['-i', 'php.ini'], 1],
    [{ 'public/.user.ini': 'memory_limit = -1\n' }, [], 4],
  ])('has as many processes as fit into the dyno with %j', async (files, options, processes) => {
    await write({
      ...files,
      'programs/php-fpm8.2': '#!/bin/sh\nexec sleep 60\n',
      'programs/nginx': '#!/bin/sh\necho "$WEB_CONCURRENCY processes" >&2\nexit 3\n',
    })
    for (const name of ['php-fpm8.2', 'nginx']) await chmod(path.join(app.path, 'programs', name), 0o755)
    const environment = { PATH: `${app.path}/programs:/usr/bin:/bin`, MEMORY_AVAILABLE: '512' }
    expect(
      await call('nginx', [...options.map((one) => one.replace(/^\w/, `${app.path}/$&`)), 'public/'], environment),
    ).toContain(`${processes} processes\n`)
  })
})

describe('failures of a PHP build', () => {
  const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
  it.each([
    ['- Required package "acme/other" is not present in the lock file.\n', 'composer-lock-out-of-sync', 'acme/other'],
    [
      '    - Root composer.json requires PHP extension ext-imagick * but it is missing from your system.',
      'extension-missing',
      'imagick',
    ],
    [
      '    - Root composer.json requires php ^8.9 but your php version (8.2.36) does not satisfy that requirement.',
      'php-version-mismatch',
      '^8.9',
    ],
    [
      '    - acme/greet[1.0.0] requires php >=8.4 -> your php version (8.2.36) does not satisfy that requirement.',
      'php-version-mismatch',
      '>=8.4',
    ],
    [
      '    - Root composer.json requires acme/nothing, it could not be found in any version, there may be a typo',
      'composer-package-not-found',
      'acme/nothing',
    ],
    [
      '    - Root composer.json requires acme/greet ^9, found acme/greet[1.0.0] but it does not match the constraint.',
      'composer-version-not-found',
      'acme/greet ^9',
    ],
    ['Your requirements could not be resolved to an installable set of packages.', 'composer-conflict', ''],
    [
      '  "./composer.json" does not match the expected JSON schema:\n   - name : Does not match the regex',
      'composer-schema',
      'name',
    ],
    [
      '  "./composer.json" does not contain valid JSON\n  Parse error on line 7:',
      'composer-json-invalid',
      './composer.json',
    ],
    ['  Source path "../nowhere" is not found for package acme/greet', 'composer-path-missing', '../nowhere'],
    ['Could not authenticate against repo.example.com', 'composer-login', 'repo.example.com'],
    [
      "  The 'https://repo.example.com/greet.zip' URL required authentication (HTTP 401).",
      'composer-login',
      'repo.example.com',
    ],
    [
      'Could not fetch https://api.github.com/repos/a/b, please create a GitHub OAuth token',
      'composer-github-limit',
      '',
    ],
    [
      'The "https://example.com/a.zip" file could not be downloaded (HTTP/2 404 )',
      'composer-not-found',
      'https://example.com/a.zip',
    ],
    [
      'curl error 6 while downloading https://repo.packagist.org/packages.json: Could not resolve host: repo.packagist.org',
      'composer-unreachable',
      'repo.packagist.org',
    ],
    [
      'The checksum verification of the file failed (downloaded from https://example.com/a.zip)',
      'composer-checksum',
      'https://example.com/a.zip',
    ],
    [
      'symfony/flex (installed globally) contains a Composer plugin which is blocked by your allow-plugins config.',
      'composer-plugin-refused',
      'symfony/flex',
    ],
    [
      'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate',
      'php-memory',
      '134217728',
    ],
    [
      'PHP Parse error:  syntax error, unexpected token "match" in /app/src/A.php on line 3',
      'php-syntax',
      'unexpected token',
    ],
    ['In Container.php line 5:\n  Class "Faker\\Factory" not found', 'class-not-found', 'Faker\\Factory'],
    ['SQLSTATE[HY000] [2002] Connection refused', 'database-in-build', '[2002]'],
    ['Environment variable not found: "MAILER_DSN".', 'environment-missing', 'MAILER_DSN'],
    [
      'Script php -r "nosuch();" handling the post-install-cmd event returned with error code 255',
      'composer-script-failed',
      'nosuch',
    ],
    ['whatever', 'unknown', ''],
  ])('%j is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, phpFailures, fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})

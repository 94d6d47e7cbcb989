// The package comes from a folder of archives in the app, because packagist.org is not reached by each machine that runs the tests.
import { readFileSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { language } from '../../../../buildpacks/php/language.ts'
import { fixture } from '../../hearth-server.ts'
import { type Mirror, openMirror } from '../mirrors/open-mirror.ts'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'
import { expectFailure, listUnprovoked } from './provoke.ts'

/** Of the app php-composer: the failure, and the change to one of its files that provokes it. */
type Provocation = readonly [id: string, file: string, change: (text: string) => string]
const inLock = (id: string, found: string, replacement: string): Provocation => [
  id,
  'composer.lock',
  (text) => text.replace(found, replacement),
]
const ofPackage = (id: string, requirement: string) => inLock(id, '"php": ">=8.1"', requirement)
const fromElsewhere = (id: string, dist: object) =>
  inLock(id, /"dist": \{[^}]*\}/.exec(lockText)?.[0] ?? '', `"dist": ${JSON.stringify(dist)}`)
const inScript = (id: string, script: string): Provocation => [
  id,
  'composer.json',
  (text) => text.replace(/"@php -r.*"/, () => JSON.stringify(script)),
]
const inDevelopment = (id: string, requirement: string): Provocation => [
  id,
  'composer.json',
  (text) => text.replace('"example/greet": "^1.0"\n    }', `"php": "^8.1" }, "require-dev": { ${requirement} }`),
]
const manifestText = readFileSync(fixture('php-composer/composer.json'), 'utf8')
const lockText = readFileSync(fixture('php-composer/composer.lock'), 'utf8')
const zip = { type: 'zip', url: 'https://127.0.0.1:9/greet.zip' }

const provocations: readonly Provocation[] = [
  [
    'composer-lock-out-of-sync',
    'composer.json',
    (text) => text.replace('"example/greet"', '"example/other": "^1", "example/greet"'),
  ],
  ofPackage('php-version-mismatch', '"php": ">=9"'),
  ofPackage('composer-version', '"composer-runtime-api": "^99"'),
  ofPackage('composer-conflict', '"php": ">=8.1" }, "conflict": { "php": "*"'),
  inDevelopment('composer-package-not-found', '"example/nothing": "*"'),
  inDevelopment('composer-version-not-found', '"example/greet": "^9"'),
  ['composer-schema', 'composer.json', (text) => text.replace('"type": "project"', '"type": 5')],
  ['composer-json-invalid', 'auth.json', () => '{ "http-basic": }'],
  fromElsewhere('composer-path-missing', { type: 'path', url: '../nowhere', reference: 'a' }),
  fromElsewhere('composer-unreachable', zip),
  inLock('composer-checksum', '05537b8269bc5ce68112e136ef4d43451cc43335', '0'.repeat(40)),
  inLock(
    'composer-plugin-refused',
    '"type": "library"',
    '"type": "composer-plugin", "extra": { "class": "Greet\\\\Greeter" }',
  ),
  inLock(
    'composer-git',
    /"dist": \{[^}]*\}/.exec(lockText)?.[0] ?? '',
    '"source": { "type": "git", "url": "https://127.0.0.1:9/greet.git", "reference": "a" }',
  ),
  inScript('php-memory', `@php -d memory_limit=8M -r "str_repeat('x', 1e8);"`),
  inScript('php-syntax', '@php -r "1 +;"'),
  inScript('class-not-found', '@php -r "new Nosuch();"'),
  [
    'database-in-build',
    'composer.json',
    (text) =>
      inScript('', `@php -r "new PDO('pgsql:host=127.0.0.1;port=1');"`)[2](text).replace(
        '"ext-intl": "*"',
        '"ext-intl": "*", "ext-pdo_pgsql": "*"',
      ),
  ],
  inScript('composer-script-failed', 'false'),
]

describe('a PHP app on a server', () => {
  let server: LanguageServer
  let mirror: Mirror
  beforeAll(async () => {
    server = await openLanguageServer()
    mirror = await openMirror(server.hearth, '/opt/mirror')
  }, 400_000)
  afterAll(async () => {
    await mirror?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  it('is installed by Composer, served by Apache with its .htaccess, and keeps its packages', async () => {
    const app = await server.open('php-composer')
    await app.set({ GREETING: 'world' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('PHP app detected')
    expect(first.output).toContain('Guessed from public/index.php how to start the app: heroku-php-apache2 public/')
    await app.waitFor('hello world')
    await app.scale(2)
    const page = await app.ask('/some/page')
    expect(page).toMatchObject({ status: 200, headers: { 'x-from-htaccess': 'yes' } })
    expect(page.text).toMatch(/path \/some\/page, number 1\.234,5, by Apache\ncompiled by 8/)
    expect(
      (await app.run("php -r \"require 'vendor/autoload.php'; echo (new Greet\\Greeter())->greet('run');\"")).output,
    ).toContain('hello run')
    expect(await app.facts()).toMatchObject({ php_version: expect.stringMatching(/^8\.\d+\.\d+/) })
    const second = await app.deploy()
    expect(second.output).toContain('Using the packages of the last build')
    expect(second.output).toContain('Nothing to install, update or remove')
  })

  it('is served by nginx as its Procfile says', async () => {
    const app = await server.open('php-composer')
    await writeFile(path.join(app.folder, 'Procfile'), 'web: vendor/bin/heroku-php-nginx -C nginx.conf public/\n')
    await writeFile(
      path.join(app.folder, 'nginx.conf'),
      'location / { add_header X-From-Include yes; try_files $uri /index.php; }\n',
    )
    await writeFile(path.join(app.folder, 'public/style.css'), 'body {}\n')
    await writeFile(path.join(app.folder, 'public/.env'), 'SECRET=1\n')
    const { state, output } = await app.deploy()
    expect(state, output).toBe('succeeded')
    await app.waitFor('by nginx')
    expect(await app.ask('/style.css')).toMatchObject({
      status: 200,
      text: 'body {}\n',
      headers: { 'x-from-include': 'yes' },
    })
    expect((await app.ask('/.env')).status).toBe(404)
    expect((await app.ask('/nowhere.php')).status).toBe(404)
    expect((await app.ask('/deep/page')).text).toContain('path /deep/page')
  })

  it('is the same slug for another app', async () => {
    const build = async () => {
      const app = await server.open('php-composer')
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      return app.checksum()
    }
    expect(await build()).toBe(await build())
  })

  it.each<Provocation>([
    ['composer-lock-missing', 'composer.lock', () => ''],
    ['composer-json', 'composer.json', (text) => `${text}}`],
    [
      'composer-lock-out-of-sync',
      'composer.json',
      (text) => text.replace('"example/greet"', '"example/other": "^1", "example/greet"'),
    ],
    ['extension-not-available', 'composer.json', (text) => text.replace('ext-intl', 'ext-oci8')],
    ['version-not-available', 'composer.lock', (text) => text.replace('"php": "^8.1"', '"php": "^9.1"')],
    ...provocations,
  ])('that fails is told %s', async (id, name, change) => {
    const app = await server.open('php-composer')
    await app.change(name, change)
    // Without a lock Composer looks for the packages itself, those for development too.
    if (change(manifestText).includes('require-dev')) await app.change('composer.lock', () => '')
    await expectFailure(app, id)
  })

  it.each([
    ['composer-not-found', 'greet.zip'],
    ['composer-login', 'private/greet.zip'],
  ])('whose package is not handed out is told %s', async (id, file) => {
    const app = await server.open('php-composer')
    await app.change('composer.json', (text) =>
      text.replace('"autoload"', '"config": { "secure-http": false }, "autoload"'),
    )
    const [, , change] = fromElsewhere(id, { type: 'zip', url: `${mirror.url}${file}` })
    await app.change('composer.lock', change)
    await expectFailure(app, id)
  })

  it('is told nothing that was not provoked, but for what needs others', () => {
    const others = [['composer-not-found'], ['composer-login']] as const
    expect(listUnprovoked(language.failures, [...provocations, ...others])).toEqual([
      // Each extension that is asked for is part of the layer, or refused before.
      'extension-missing',
      // Symfony's own words, and GitHub's.
      'composer-github-limit',
      'environment-missing',
    ])
  })

  it('says in its log what its code complains of', async () => {
    const app = await server.open('php-composer')
    await appendFile(path.join(app.folder, 'public/index.php'), "error_log('a complaint');\n")
    expect((await app.deploy()).state).toBe('succeeded')
    await app.waitFor('hello')
    expect((await server.hearth.desktop.logLines(app.name)).join('\n')).toContain('a complaint')
  })
})

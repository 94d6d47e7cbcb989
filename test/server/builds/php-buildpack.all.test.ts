// The package comes from a folder of archives in the app, because packagist.org is not reached by each machine that runs the tests.
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

describe('a PHP app on a server', () => {
  let server: LanguageServer
  beforeAll(async () => {
    server = await openLanguageServer()
  }, 400_000)
  afterAll(() => server?.[Symbol.asyncDispose]())

  it('is installed by Composer, served by Apache with its .htaccess, and keeps its packages', async () => {
    const app = await server.open('php-composer')
    await app.set({ GREETING: 'world' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('PHP app detected')
    expect(first.output).toContain('Guessed from public/index.php how to start the app: heroku-php-apache2 public/')
    await app.waitFor('hello world')
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

  it.each<[id: string, file: string, change: (text: string) => string]>([
    ['composer-lock-missing', 'composer.lock', () => ''],
    ['composer-json', 'composer.json', (text) => `${text}}`],
    [
      'composer-lock-out-of-sync',
      'composer.json',
      (text) => text.replace('"example/greet"', '"example/other": "^1", "example/greet"'),
    ],
    ['extension-not-available', 'composer.json', (text) => text.replace('ext-intl', 'ext-oci8')],
    ['version-not-available', 'composer.lock', (text) => text.replace('"php": "^8.1"', '"php": "^9.1"')],
    ['composer-script-failed', 'composer.json', (text) => text.replace('@php -r', 'false')],
    ['php-syntax', 'composer.json', (text) => text.replace(/@php -r.*"/, '@php -r \\"1 +;\\""')],
  ])('that fails is told %s', async (id, name, change) => {
    const app = await server.open('php-composer')
    const file = path.join(app.folder, name)
    await writeFile(file, change(await readFile(file, 'utf8')))
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })

  it('says in its log what its code complains of', async () => {
    const app = await server.open('php-composer')
    await appendFile(path.join(app.folder, 'public/index.php'), "error_log('a complaint');\n")
    expect((await app.deploy()).state).toBe('succeeded')
    await app.waitFor('hello')
    expect((await server.hearth.desktop.logLines(app.name)).join('\n')).toContain('a complaint')
  })
})

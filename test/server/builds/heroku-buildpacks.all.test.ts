import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HerokuServer, herokuBuildpacks, openHerokuBuildpacks } from './heroku-buildpacks.ts'
import { type LanguageServer, openLanguageServer } from './languages/deploy-language.ts'

const place = herokuBuildpacks
if (place !== null)
  describe('an app that a buildpack of Heroku builds, which knows nothing of Hearth,', () => {
    let server: LanguageServer
    let heroku: HerokuServer
    beforeAll(async () => {
      server = await openLanguageServer()
      heroku = await openHerokuBuildpacks(server, place)
    }, 600_000)
    afterAll(async () => {
      await heroku?.[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
    })

    it('heroku-buildpack-nodejs, is installed, served, and restored from its cache', async () => {
      const app = await server.open('node-express-like')
      await heroku.use(app, 'node')
      const first = await app.deploy()
      expect(first.state, first.output).toBe('succeeded')
      expect(first.output).toContain('Installing node modules')
      await app.waitFor('hello')
      expect(await app.facts()).toMatchObject({ package_manager: 'npm', node_version: expect.stringMatching(/^v24\./) })
      expect((await app.run('node -p "require(\'express\') && process.env.NODE_ENV"')).output).toBe('production\n')
      expect((await app.deploy()).output).toMatch(/Restoring cache\s+- npm cache/)
      await writeFile(path.join(app.folder, 'package-lock.json'), '{}')
      const failed = await app.deploy()
      expect(failed.state).toBe('failed')
      expect(failed.output).toMatch(/ reports\n[\s\S]*failure: /)
    }, 600_000)

    it('heroku-buildpack-go, is compiled and served', async () => {
      const app = await server.open('go-hello')
      await heroku.use(app, 'go')
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      expect(output).toContain('Using go1.26.')
      await app.waitFor('from go:')
    }, 600_000)

    it('heroku-buildpack-nginx, is served by the nginx that it brings for Heroku’s stack', async () => {
      const app = await server.open('static-pages')
      const configuration = `daemon off; pid /tmp/nginx.pid; error_log stderr; events {}
        http { include mime.types; access_log /dev/stdout; server { listen <%= ENV["PORT"] %>; root <%= ENV["HOME"] %>/public; } }`
      const files = {
        'config/nginx.conf.erb': configuration,
        'public/page.html': 'served by nginx',
        Procfile: 'web: bin/start-nginx-static\n',
        // Its templates are Ruby's; without one it fetches that from a place of Heroku's.
        Aptfile: 'ruby\n',
      }
      for (const [name, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(app.folder, name)), { recursive: true })
        await writeFile(path.join(app.folder, name), text)
      }
      await heroku.useUbuntu(app)
      await heroku.choose(app, [await heroku.clone('heroku-buildpack-nginx')])
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      expect(output).toMatch(/Installed nginx\/[\d.]+ to app\/bin/)
      const { status, headers, text } = await app.ask('/page.html')
      expect({ status, text, server: headers.server }).toEqual({
        status: 200,
        text: 'served by nginx',
        server: expect.stringMatching(/^nginx/),
      })
    }, 1_800_000)

    it("heroku-buildpack-inline, is built by the app's own scripts", async () => {
      const app = await server.open('procfile-missing-web')
      await mkdir(path.join(app.folder, 'bin'))
      const scripts = { detect: 'echo Own', compile: 'cat "$3/WORD" >"$1/word"; echo "-----> By hand"' }
      for (const [name, text] of Object.entries(scripts))
        await writeFile(path.join(app.folder, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
      await app.set({ WORD: 'inline' })
      await heroku.choose(app, [await heroku.clone('heroku-buildpack-inline')])
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      expect(output).toContain('-----> By hand')
      expect((await app.run('cat word')).output).toBe('inline')
    }, 600_000)

    it('heroku-buildpack-apt, has the packages of its Aptfile in a folder of its own', async () => {
      const app = await server.open('node-hello')
      await writeFile(path.join(app.folder, 'Aptfile'), 'tree\n')
      await heroku.choose(app, [await heroku.clone('heroku-buildpack-apt'), 'hearth/node'])
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      expect(output).toContain('-----> Fetching .debs for tree')
      expect((await app.run('ls .apt/usr/bin')).output).toBe('tree\n')
    }, 600_000)
  })

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAllAsked } from '../../../tooling/scope.ts'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await openLanguageServer()
}, 400_000)
afterAll(() => server?.[Symbol.asyncDispose]())

describe('a static site on a server', () => {
  it('is served as its static.json says, without any download', async () => {
    const app = await server.open('static-pages')
    const { state, output } = await app.deploy()
    expect(state, output).toBe('succeeded')
    expect(output).toContain('Static site app detected')
    expect(output).not.toContain('Installing')
    await app.waitFor('Bread, every morning')
    expect(await app.ask('/hours')).toMatchObject({ status: 200, headers: { 'referrer-policy': 'no-referrer' } })
    expect(await app.ask('/opening')).toMatchObject({ status: 301, headers: { location: '/hours' } })
    expect((await app.ask('/static.json')).status).toBe(404)
    await app.scale(2)
  })

  if (isAllAsked)
    it('is what the build of a Node.js app leaves in dist', async () => {
      const app = await server.open('node-single-page')
      await app.set({ VITE_GREETING: 'from a config var' })
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      expect(output).toContain('Guessed from the pages in dist how to start the app')
      await app.waitFor('/assets/')
      const page = await app.ask('/any/address')
      expect(page).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } })
      const script = await app.ask(/\/assets\/[^"]+/.exec(page.text)?.[0] ?? '')
      expect(script.text).toContain('from a config var')
      expect(script.headers['cache-control']).toContain('immutable')
    })

  if (isAllAsked)
    it('has the Debian packages that its Aptfile names, in builds and in dynos', async () => {
      const app = await server.open('static-pages')
      await writeFile(
        path.join(app.folder, 'Aptfile'),
        '# to read what comes\njq\n:repo:deb https://example.com/apt stable main\n',
      )
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      expect(output).toContain('-----> Packages of the Aptfile: jq')
      expect(output).toContain("names other sources than the stack's own, which are left out: :repo:deb")
      expect((await app.run('echo \'{"a": [1, 2]}\' | jq .a[1]')).output).toBe('2\n')
      await writeFile(path.join(app.folder, 'Aptfile'), 'no-such-package-at-all\n')
      const failed = await app.deploy()
      expect(failed.state).toBe('failed')
      expect(failed.output).toContain('no-such-package-at-all')
    })
})

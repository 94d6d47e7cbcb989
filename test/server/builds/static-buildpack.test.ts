import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAllAsked } from '../../tooling/scope.ts'
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
})

// Packages come from the npm registry that this machine is set up with.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await openLanguageServer()
}, 400_000)
afterAll(() => server?.[Symbol.asyncDispose]())

describe('a Node.js app on a server', () => {
  it('of Express is served by each of its dynos, keeps its packages, and drops them with another Node.js', async () => {
    const app = await server.open('node-express-like')
    await app.set({ GREETING: 'good day' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    await app.waitFor('good day from web.1')
    await app.scale(2)
    expect((await app.run('node -p "require(\'express\') && process.env.GREETING"')).output).toBe('good day\n')
    await writeFile(path.join(app.folder, 'notes.txt'), 'changed')
    expect((await app.deploy()).output).toContain('Nothing changed since the last build: using its node_modules')
    const manifest = path.join(app.folder, 'package.json')
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('>=22', '22.x'))
    const changed = await app.deploy()
    expect(changed.output).toMatch(/Not using the node_modules of the last build: .*the runtime.* changed/)
    expect(await app.facts()).toMatchObject({ node_version: expect.stringMatching(/^22\./), package_manager: 'npm' })
    expect((await app.run('node --version')).output).toMatch(/^v22\./)
  }, 600_000)
})

// As the frameworks' own generators make them. They have no lock files: some are longer than all of Hearth's fixtures.
describe('a Node.js app without a start command that it could say itself', () => {
  it.each([
    ['node-next', 'from Next'],
    ['node-react-router', 'from React Router'],
    ['node-nuxt', 'from Nuxt'],
    ['node-sveltekit', 'from SvelteKit'],
    ['node-astro', 'from Astro'],
  ])(
    'as of %s answers with its config vars on each of its dynos',
    async (name, answer) => {
      const app = await server.open(name)
      await app.set({ GREETING: 'good day', NUXT_GREETING: 'good day' })
      const { state, output } = await app.deploy()
      expect(state, output).toBe('succeeded')
      await app.waitFor(`good day ${answer}`)
      await app.scale(2)
    },
    600_000,
  )
})

import { appendFile, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

// Toolchain and modules come from the module proxy that this machine is set up with.
let server: LanguageServer
beforeAll(async () => {
  server = await openLanguageServer()
}, 400_000)
afterAll(() => server?.[Symbol.asyncDispose]())

const cached = 'Using the modules and the compiled packages of the last build'

describe('a Go app on a server', () => {
  it('is compiled, served and run once, without its toolchain', async () => {
    const app = await server.open('go-small')
    await app.set({ GREETING: 'good day', GO_LINKER_SYMBOL: 'main.commit', GO_LINKER_VALUE: 'linked' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('-----> Go app detected')
    expect(first.output).toContain('go: downloading rsc.io/quote')
    await app.waitFor("good day from go: Don't communicate by sharing memory")
    await app.scale(2)
    expect(await app.run('bin/small once; command -v go || echo no toolchain')).toEqual({
      output: 'once good day linked\nno toolchain\n',
      exitCode: 0,
    })
    expect(await app.facts()).toEqual({ recognised_by: 'go.mod', go_version: expect.stringMatching(/^1\.26\./) })
  })
  it('compiles again only what changed', async () => {
    const app = await server.open('go-hello')
    await app.set({ GREETING: 'good day' })
    await app.deploy()
    const file = path.join(app.folder, 'main.go')
    await writeFile(file, (await readFile(file, 'utf8')).replace('from go:', 'again:'))
    const second = await app.deploy()
    expect(second.output).toContain(cached)
    expect(second.output).not.toContain('go: downloading')
    await app.waitFor('good day again:')
  })

  it('is built by another version when it asks for one, and what was compiled is dropped', async () => {
    const app = await server.open('go-small')
    await app.deploy()
    await app.set({ GOVERSION: 'go1.27' })
    const changed = await app.deploy()
    expect(changed.state, changed.output).toBe('succeeded')
    expect(changed.output).toMatch(/Not using the compiled packages of the last build: it was made by go-1\.26\./)
    expect(changed.output).not.toContain(cached)
    expect(await app.facts()).toMatchObject({ go_version: expect.stringMatching(/^1\.27\./) })
    await app.set({ GOVERSION: 'go1.25' })
    const older = await app.deploy()
    expect(older).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('A module needs Go 1.26 or newer'),
    })
  })

  it('of a workspace has all its programs', async () => {
    const app = await server.open('go-workspace')
    const deploy = await app.deploy()
    expect(deploy.state, deploy.output).toBe('succeeded')
    expect(deploy.output).toContain('Guessed from the name of bin/api how to start the app')
    await app.waitFor('shared by a workspace')
    expect((await app.run('bin/worker')).output).toBe('shared by a workspace\n')
  })

  it('of one module of a workspace is built with the others beside it, and starts in its folder', async () => {
    const app = await server.open('go-workspace')
    await app.set({ PROJECT_PATH: 'api' })
    const deploy = await app.deploy()
    expect(deploy.state, deploy.output).toBe('succeeded')
    expect(deploy.output).toContain('What lies around it stays: go.work above it holds them together')
    await app.waitFor('shared by a workspace')
    expect((await app.run('pwd; echo $HOME; ls; ls ..')).output).toMatch(
      /^\/app\/api\n\/app\/api\n[^/]*bin[\s\S]*shared/,
    )
  })

  it.each([
    ['go-gin', 'from gin'],
    ['go-chi', 'from chi'],
    ['go-hello', 'from go'],
  ])('as of %s answers by what its framework has to serve with', async (name, answer) => {
    const app = await server.open(name)
    await app.set({ GREETING: 'good day' })
    const { state, output } = await app.deploy()
    expect(state, output).toBe('succeeded')
    await app.waitFor(`good day ${answer}`)
  })

  it('that does not compile fails with the line', async () => {
    const app = await server.open('go-small')
    await appendFile(path.join(app.folder, 'main.go'), 'func broken() { undefinedThing() }\n')
    expect(await app.deploy()).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/main\.go:\d+:\d+: undefined: undefinedThing/),
    })
  })
})

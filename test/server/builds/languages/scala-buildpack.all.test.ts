// sbt, its plugins and Scala come from Maven Central, through what this machine is set up with.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await openLanguageServer()
}, 1_200_000)
afterAll(() => server?.[Symbol.asyncDispose]())

describe('a Scala app on a server', () => {
  it('is staged, started by its script, and compiled from where it was', async () => {
    const app = await server.open('scala-small')
    await app.set({ GREETING: 'good evening' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('-----> Scala app detected')
    expect(first.output).not.toContain('Guessed')
    await app.waitFor('good evening from scala, web')
    const asked = await app.run('target/universal/stage/bin/small once; ls -d project/target target/scala-2.13')
    expect(asked.output).toMatch(/good evening from scala, once[\s\S]*'project\/target'[\s\S]*'target\/scala-2\.13'/)
    const second = await app.deploy()
    expect(second.output).toContain('Using the downloads of the last build')
    expect(second.output).not.toMatch(/compiling \d+ Scala source/)
    await app.set({ SBT_CLEAN: 'true' })
    expect((await app.deploy()).output).toMatch(/compiling 1 Scala source/)
    expect(await app.facts()).toMatchObject({ sbt_version: '1.11.7', java_version: expect.stringMatching(/^17\./) })
  })

  it('of Play is compiled with its routes, and started on its port', async () => {
    const app = await server.open('scala-play')
    await app.set({ GREETING: 'good evening', SECRET_KEY: 'a secret of more than thirty-two letters' })
    const { state, output } = await app.deploy()
    expect(state, output).toBe('succeeded')
    expect(output).not.toContain('Guessed')
    await app.waitFor('good evening from Play')
  })

  it.each<[id: string, file: string, change: (text: string) => string]>([
    ['sbt-version-missing', 'project/build.properties', () => ''],
    ['sbt-plugin-not-enabled', 'project/plugins.sbt', () => ''],
    ['sbt-cross-version', 'build.sbt', (text) => text.replace('scala-xml', 'scala-xml-not-there')],
    ['scala-not-found', 'src/main/scala/Main.scala', (text) => text.replace('describe("web")', 'descripe("web")')],
  ])('that fails is told %s', async (id, file, change) => {
    const app = await server.open('scala-small')
    await app.change(file, change)
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })
})

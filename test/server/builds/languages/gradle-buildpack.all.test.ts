// The Gradle is Debian's, by a mirror (mirrors/gradle-distribution.ts); libraries come from Maven Central.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GradleMirror, openGradleMirror } from '../mirrors/gradle-distribution.ts'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

describe('an app built by Gradle on a server', () => {
  let server: LanguageServer
  let mirror: GradleMirror
  beforeAll(async () => {
    server = await openLanguageServer()
    mirror = await openGradleMirror(server)
  }, 1_200_000)
  afterAll(async () => {
    await mirror?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  async function openApp() {
    const app = await server.open('gradle-small')
    await mirror.prepare(app)
    return app
  }

  it('is built by its wrapper, started by its script, and goes on from its cache', async () => {
    const app = await openApp()
    await app.set({ GREETING: 'good evening' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('-----> Gradle app detected')
    expect(first.output).toContain('Guessed from build/install/small/bin/small how to start the app')
    expect(first.output).toContain('Downloading http')
    await app.waitFor('good evening from gradle, web')
    expect((await app.run('build/install/small/bin/small once; ls -d .gradle build/tmp')).output).toMatch(
      /good evening from gradle, once[\s\S]*'\.gradle'[\s\S]*'build\/tmp'/,
    )
    const second = await app.deploy()
    expect(second.output).toMatch(/Using the downloads of the last build[\s\S]*:compileJava FROM-CACHE/)
    expect(second.output).not.toContain('Downloading')
    expect(await app.facts()).toMatchObject({ gradle_version: '4.4.1', java_version: expect.stringMatching(/^17\./) })
  })

  it('is the same slug each time that it is built from the same source and layers', async () => {
    const build = async () => {
      const app = await openApp()
      expect((await app.deploy()).state).toBe('succeeded')
      return app.checksum()
    }
    expect(await build()).toBe(await build())
  })

  it.each<[id: string, file: string, change: (text: string) => string]>([
    ['gradle-wrapper-missing', 'gradlew', () => ''],
    ['gradle-wrapper-damaged', 'gradle/wrapper/gradle-wrapper.jar', () => 'no jar'],
    [
      'gradle-wrapper-download',
      'gradle/wrapper/gradle-wrapper.properties',
      (text) => text.replace('4.4.1-bin', '4.4.9-bin'),
    ],
    ['gradle-dependency-missing', 'build.gradle', (text) => text.replace('gson:gson:', 'gson:gson-not-there:')],
    ['gradle-repository-missing', 'build.gradle', (text) => text.replace('mavenCentral()', '')],
    ['gradle-script-error', 'build.gradle', (text) => text.replace('repositories {', 'repositories')],
    ['gradle-method-missing', 'build.gradle', (text) => text.replace('compile ', 'frobnicate ')],
    ['java-symbol-missing', 'src/main/java/com/example/Main.java', (text) => text.replace('new Gson()', 'new Gsson()')],
  ])('that fails is told %s', async (id, file, change) => {
    const app = await openApp()
    await app.change(file, change)
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })
})

// Gradle's own place of distributions is not reached by each machine that runs the tests. Debian's package is one, of version 4.4: its
// files as a zip, offered by a mirror that the wrapper is told of. Libraries come from Maven Central.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'
import { type Mirror, openMirror } from './mirrors/open-mirror.ts'

describe('an app built by Gradle on a server', () => {
  let server: LanguageServer
  let mirror: Mirror
  beforeAll(async () => {
    server = await openLanguageServer()
    const machine = server.hearth.server
    await machine.exec(['apt-get', 'update', '-qq'])
    await machine.exec(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', 'gradle', 'zip'])
    const script = `mkdir -p /opt/mirror /opt/wrapper && cd /opt/wrapper && touch build.gradle && gradle --no-daemon wrapper &&
      cp -rL /usr/share/gradle /opt/gradle-4.4.1 && cd /opt && zip -qr /opt/mirror/gradle-4.4.1-bin.zip gradle-4.4.1`
    await machine.exec(['sh', '-c', script])
    mirror = await openMirror(server.hearth, '/opt/mirror')
  }, 1_200_000)
  afterAll(async () => {
    await mirror?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  async function openApp() {
    const app = await server.open('gradle-small')
    const from = (name: string) => server.hearth.server.path(`/opt/wrapper/${name}`)
    await mkdir(path.join(app.folder, 'gradle'))
    await cp(from('gradle/wrapper'), path.join(app.folder, 'gradle/wrapper'), { recursive: true })
    await cp(from('gradlew'), path.join(app.folder, 'gradlew'))
    const file = path.join(app.folder, 'gradle/wrapper/gradle-wrapper.properties')
    const place = `distributionUrl=${mirror.url}gradle-4.4.1-bin.zip`
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^distributionUrl=.*$/m, place))
    // Debian's Gradle looks for the libraries that it uses among Debian's packages, wherever it lies itself.
    await writeFile(path.join(app.folder, 'Aptfile'), 'gradle\n')
    // That old a Gradle reaches into the JDK.
    await app.set({ GRADLE_OPTS: '--add-opens java.base/java.lang=ALL-UNNAMED' })
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
    const place = path.join(app.folder, file)
    const text = change(await readFile(place, 'utf8'))
    await (text ? writeFile(place, text) : rm(place))
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })
})

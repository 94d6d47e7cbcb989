// Maven and all that poms name come from Maven Central, through what this machine is set up with; Java from Debian's packages.
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { central } from '../../../../buildpacks/jvm/central.ts'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await openLanguageServer()
}, 1_200_000)
afterAll(() => server?.[Symbol.asyncDispose]())

describe('a Java app on a server', () => {
  it('of Spring Boot is built, started without being guessed, scaled, and has the heap of its dyno', async () => {
    const app = await server.open('java-spring')
    await app.set({ GREETING: 'good day', DATABASE_URL: 'postgres://jo:s%40cret@db.example:5432/shop?a=b' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('-----> Java app detected')
    expect(first.output).not.toContain('Guessed')
    expect(first.output).not.toContain('Downloading from')
    await app.waitFor('good day from Spring Boot on Java 17')
    await app.scale(2)
    const asked = await app.run(
      'echo "$JAVA_OPTS|$JAVA_TOOL_OPTIONS|"; echo $SPRING_DATASOURCE_URL $SPRING_DATASOURCE_PASSWORD; command -v javac mvn || echo no compiler; ls -d .m2 target/maven-status || true',
    )
    expect(asked.output).toMatch(/^-Dfile\.encoding=UTF-8 -XX:MaxRAM=536870912 -Xmx300m .*\|\|$/m)
    expect(asked.output).toContain('jdbc:postgresql://db.example:5432/shop?user=jo&password=s%40cret&a=b s@cret\n')
    expect(asked.output).toContain('no compiler\n')
    expect(asked.output).toMatch(/'\.m2'[\s\S]*'target\/maven-status'/)
    expect(await app.facts()).toMatchObject({ java_version: expect.stringMatching(/^17\./), maven_version: '3.9.16' })
  })

  it('of one class is run once, keeps what was downloaded, and nothing of what it installed itself', async () => {
    const app = await server.open('java-small')
    await app.deploy()
    await app.waitFor('hello from java, web')
    expect((await app.run('java -jar target/small.jar once')).output).toContain('hello from java, once')
    await app.change('src/main/java/com/example/Main.java', (text) => text.replace('from java', 'again from java'))
    const second = await app.deploy()
    expect(second.output).toMatch(/Using the downloads of the last build \(\d+ MB\)/)
    expect(second.output).toContain('Guessed from target/small.jar how to start the app')
    await app.waitFor('hello again from java')
    await app.set({ MAVEN_CUSTOM_GOALS: 'dependency:get -Dartifact=com.example:small:1.0.0' })
    expect((await app.deploy()).output).toContain('No repository has com.example:small')
  })

  it.each([
    ['java-quarkus', 'good day from Quarkus', /target\/quarkus-app\/quarkus-run\.jar/],
    ['java-micronaut', 'good day from Micronaut', /-Dmicronaut\.server\.port=\$PORT .*-jar target\/greeter-0\.1\.jar/],
    ['kotlin-ktor', 'good day from Ktor', /-jar target\/greeter\.jar -port=\$PORT/],
  ])('like %s has its framework found, and is started on its port', async (fixture, said, command) => {
    const app = await server.open(fixture)
    await app.set({ GREETING: 'good day' })
    const { state, output } = await app.deploy()
    expect(state, output).toBe('succeeded')
    await app.waitFor(said)
    const { desktop } = server.hearth
    const [web] = await desktop.calls['formation.list'](desktop.of(app.name))
    expect(web?.command).toMatch(command)
  })

  it('with the wrapper is built by the Maven that it names, whatever the line ends of its script', async () => {
    const app = await server.open('java-small')
    const at = (name: string) => path.join(app.folder, name)
    const zip = `${central}/org/apache/maven/wrapper/maven-wrapper-distribution/3.3.4/maven-wrapper-distribution-3.3.4-only-script.zip`
    execFileSync('curl', ['--fail', '--silent', '--output', at('wrapper.zip'), zip])
    execFileSync('unzip', ['-q', 'wrapper.zip', 'mvnw', '-d', '.'], { cwd: app.folder })
    execFileSync('mkdir', ['-p', at('.mvn/wrapper')])
    const place = `${central}/org/apache/maven/apache-maven/3.9.11/apache-maven-3.9.11-bin.zip`
    await writeFile(at('.mvn/wrapper/maven-wrapper.properties'), `wrapperVersion=3.3.4\ndistributionUrl=${place}\n`)
    await writeFile(at('mvnw'), (await readFile(at('mvnw'), 'utf8')).replaceAll('\n', '\r\n'), { mode: 0o644 })
    await writeFile(at('.mvn/maven.config'), '--show-version\n')
    const built = await app.deploy()
    expect(built.state, built.output).toBe('succeeded')
    expect(built.output).toContain('mvnw has the line ends of Windows')
    expect(built.output).toContain('Apache Maven 3.9.11')
    expect((await app.run('ls -a')).output).not.toMatch(/^\.m2$/m)
  })

  it.each<[id: string, file: string, change: (text: string) => string]>([
    ['maven-dependency-missing', 'pom.xml', (text) => text.replace('<artifactId>gson<', '<artifactId>gson-not-there<')],
    ['pom-version-missing', 'pom.xml', (text) => text.replace('<version>2.11.0</version>', '')],
    ['pom-invalid', 'pom.xml', (text) => text.replace('</dependencies>', '')],
    [
      'pom-module-missing',
      'pom.xml',
      (text) =>
        text.replace('<properties>', '<packaging>pom</packaging><modules><module>gone</module></modules><properties>'),
    ],
    [
      'java-compile',
      'src/main/java/com/example/Main.java',
      (text) => text.replace('server.start();', 'server.start()'),
    ],
    ['java-symbol-missing', 'src/main/java/com/example/Main.java', (text) => text.replace('new Gson()', 'new Gsson()')],
    [
      'java-package-missing',
      'src/main/java/com/example/Main.java',
      (text) => text.replace('gson.Gson;', 'gsonx.Gson;'),
    ],
    ['invalid-version', 'system.properties', () => 'java.runtime.version=newest\n'],
    ['maven-version-not-available', 'system.properties', () => 'maven.version=2.2.1\n'],
  ])('that fails is told %s', async (id, file, change) => {
    const app = await server.open('java-small')
    await app.change(file, change)
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })
})

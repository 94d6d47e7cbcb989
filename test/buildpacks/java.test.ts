import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { chooseMavenLayer } from '../../buildpacks/java/maven.ts'
import { findPomFloor } from '../../buildpacks/java/pom.ts'
import { chooseProcesses, explainNoWeb } from '../../buildpacks/java/processes.ts'
import { listJavaArchives, renderJavaArchiveUrl } from '../../buildpacks/jvm/archives.ts'
import { renderMirrors } from '../../buildpacks/jvm/central.ts'
import { renderJvmOptions } from '../../buildpacks/jvm/environment.ts'
import { readManifest, stampJar } from '../../buildpacks/jvm/jar.ts'
import { jvmProfile } from '../../buildpacks/jvm/profile.ts'
import { forgetInstalled, prepareDownloads } from '../../buildpacks/jvm/repository.ts'
import { parseBundle, renderTrustStore } from '../../buildpacks/jvm/trust-store.ts'
import { chooseJava, findJavaWish } from '../../buildpacks/jvm/version.ts'
import { openSource } from '../../buildpacks/lib/source.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const { write } = app

const choose = async (files: Record<string, string>, stack = 'debian-12', machine: string | null = null) => {
  const source = await write(files)
  return chooseJava({ stack, machine, wish: await findJavaWish(source), floor: await findPomFloor(source) })
}

describe('the version of Java', () => {
  const pom = (inner: string) => `<project><properties>${inner}</properties></project>`
  it.each<[files: Record<string, string>, stack: string, version: string]>([
    [{ 'system.properties': 'java.runtime.version=17\n' }, 'debian-12', '17'],
    [{ 'system.properties': 'java.runtime.version = 21', '.java-version': '17' }, 'debian-12', '21.0.12'],
    [{ 'system.properties': 'java.runtime.version=1.8' }, 'debian-13', '8.0.502'],
    [{ '.java-version': 'temurin-25\n' }, 'debian-13', '25'],
    [{ '.sdkmanrc': '# sdk\njava=11.0.32-tem\n' }, 'debian-12', '11.0.32'],
    [{ '.tool-versions': 'nodejs 24\njava temurin-21.0.12+8.0.LTS\n' }, 'ubuntu-24.04', '21.0.12'],
    [{ 'pom.xml': pom('<maven.compiler.release>11</maven.compiler.release>') }, 'debian-12', '17'],
    [{ 'pom.xml': pom('<java.version>21</java.version>') }, 'debian-12', '21.0.12'],
    [{ 'pom.xml': pom('<java.version>22</java.version>') }, 'debian-12', '25.0.4'],
    [{ 'pom.xml': pom('<!-- <java.version>21</java.version> --><java.version>1.8</java.version>') }, 'debian-12', '17'],
    [{ 'pom.xml': pom('<java.version>25</java.version>') }, 'debian-13', '25'],
  ])('of %j on %s is %s', async (files, stack, version) => {
    expect(await choose(files, stack)).toMatchObject({ offer: { version }, warnings: [] })
  })

  it("is the stack's with a warning where nobody names one, and the machine's own where that is the stack", async () => {
    expect(await choose({ 'pom.xml': '' })).toMatchObject({
      offer: {
        version: '17',
        layer: 'build apt openjdk-17-jdk-headless for javac\napt openjdk-17-jre-headless for java',
      },
      warnings: [expect.stringContaining('names no version of Java')],
    })
    expect((await choose({}, 'local', '21')).offer.version).toBe('21')
  })

  it('of an archive is a JDK for the build and a runtime for dynos', async () => {
    const { layer } = (await choose({ '.java-version': '8' })).offer
    const [build, run] = layer.split('\n')
    expect(build).toMatch(
      /^build archive jdk 8\.0\.502 sha256:[0-9a-f]{64} \S+OpenJDK8U-jdk_\S+_hotspot_8u502b07\.tar\.gz$/,
    )
    expect(run).toMatch(/^archive jre 8\.0\.502 sha256:[0-9a-f]{64} \S+\/jdk8u502-b07\/OpenJDK8U-jre_/)
    expect(renderJavaArchiveUrl('jre', '21.0.12', 'arm64')).toBe(
      'https://github.com/adoptium/temurin21-binaries/releases/download/jdk-21.0.12%2B8/OpenJDK21U-jre_aarch64_linux_hotspot_21.0.12_8.tar.gz',
    )
    const digests = ['jdk', 'jre'].flatMap((kind) =>
      listJavaArchives(kind as 'jdk').flatMap(({ sha256 }) => Object.values(sha256)),
    )
    expect(new Set(digests).size).toBe(20)
  })

  it('that nobody has is refused or replaced by its line', async () => {
    await expect(choose({ 'system.properties': 'java.runtime.version=99' })).rejects.toMatchObject({
      id: 'version-not-available',
    })
    await expect(choose({ 'system.properties': '', '.java-version': 'newest' })).rejects.toMatchObject({
      id: 'invalid-version',
    })
    expect(await choose({ '.java-version': '17.0.2' })).toMatchObject({
      offer: { version: '17' },
      warnings: [expect.stringContaining("17.0.2 (.java-version) can't be had here: using 17")],
    })
  })
})

describe('the version of Maven', () => {
  it("is the wrapper's, the one of system.properties, or the newest", async () => {
    const wrapper = { mvnw: '', '.mvn/wrapper/maven-wrapper.properties': '' }
    expect((await chooseMavenLayer(await write({ 'pom.xml': '' }))).line).toMatch(
      /^build archive maven 3\.9\.16 sha256:\w{64} https:.*-bin\.tar\.gz$/,
    )
    expect((await chooseMavenLayer(await write({ mvnw: '' }))).line).toMatch(/maven 3\.9/)
    expect((await chooseMavenLayer(await write(wrapper))).line).toBeNull()
    const named = await chooseMavenLayer(await write({ ...wrapper, 'system.properties': 'maven.version=3.8.6' }))
    expect(named).toMatchObject({
      line: expect.stringContaining('maven 3.8.9'),
      warnings: [expect.stringContaining('3.8.6')],
    })
  })

  it('comes from the mirror that the server names, and so do dependencies', async () => {
    await write({ 'env/MAVEN_MIRROR_URL': 'https://maven.example/all/' })
    const source = await openSource(app.path, path.join(app.path, 'env'))
    expect((await chooseMavenLayer(source)).line).toContain(
      ' https://maven.example/all/org/apache/maven/apache-maven/3.9.16/',
    )
    expect(renderMirrors({ central: 'https://maven.example/?a&b' })).toContain(
      '<url>https://maven.example/?a&amp;b</url>',
    )
  })
})

/** A zip of one file, as jar writes it; its time as MS-DOS has it, and as Unix does in a field of its own. */
function makeJar(manifest: string, time = 0): Buffer {
  const name = Buffer.from('META-INF/MANIFEST.MF')
  const extra = Buffer.from([0x55, 0x54, 5, 0, 1, 0, 0, 0, 0])
  extra.writeUInt32LE(time, 5)
  const packed = deflateRawSync(manifest)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50)
  head.writeUInt32LE(time, 10)
  head.writeUInt16LE(name.length, 26)
  head.writeUInt16LE(extra.length, 28)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(time, 12)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt16LE(extra.length, 30)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt32LE(46 + name.length + extra.length, 12)
  end.writeUInt32LE(30 + name.length + extra.length + packed.length, 16)
  return Buffer.concat([head, name, extra, packed, entry, name, extra, end])
}

describe('the web process of a Java app', () => {
  const runnable = makeJar('Manifest-Version: 1.0\r\nMain-Class: com.exam\r\n ple.Main\r\n')
  const library = makeJar('Manifest-Version: 1.0\r\n')
  const web = async (files: Record<string, string | Buffer>) => (await chooseProcesses(await write(files)))[0]

  it('reads what a jar says of itself', async () => {
    await write({ 'a.jar': runnable, 'b.jar': 'no zip' })
    expect(Object.fromEntries(await readManifest(path.join(app.path, 'a.jar')))).toMatchObject({
      'Main-Class': 'com.example.Main',
    })
    expect((await readManifest(path.join(app.path, 'b.jar'))).size).toBe(0)
  })

  it('does not tell when its jar was made', async () => {
    const content = 'Main-Class: Main\r\n'
    await write({
      'a.jar': makeJar(content, 1_700_000_000),
      'b.jar': makeJar(content, 1_800_000_000),
      'c.jar': 'no zip',
    })
    const at = (name: string) => path.join(app.path, name)
    for (const name of ['a.jar', 'b.jar', 'c.jar']) await stampJar(at(name))
    expect(await readFile(at('a.jar'))).toEqual(await readFile(at('b.jar')))
    expect((await readManifest(at('a.jar'))).get('Main-Class')).toBe('Main')
    expect(await readFile(at('c.jar'), 'utf8')).toBe('no zip')
    const listed = execFileSync('python3', ['-m', 'zipfile', '-l', at('a.jar')], { encoding: 'utf8' })
    expect(listed).toContain('1980-02-01 00:00:00')
  })

  it.each<[pom: string, jar: string, command: string, isGuess: boolean]>([
    ['org.springframework.boot', 'target/a-1.jar', 'java -Dserver.port=$PORT $JAVA_OPTS -jar target/a-1.jar', false],
    ['io.micronaut', 'target/a.jar', 'java -Dmicronaut.server.port=$PORT $JAVA_OPTS -jar target/a.jar', false],
    [
      'io.quarkus',
      'target/quarkus-app/quarkus-run.jar',
      'java -Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=$PORT $JAVA_OPTS -jar target/quarkus-app/quarkus-run.jar',
      false,
    ],
    ['io.ktor', 'target/a.jar', 'java $JAVA_OPTS -jar target/a.jar -port=$PORT', true],
    ['x', 'web/target/web.jar', 'java $JAVA_OPTS -jar web/target/web.jar', true],
    [
      'org.springframework.boot',
      'web/target/web.jar',
      'java -Dserver.port=$PORT $JAVA_OPTS -jar web/target/web.jar',
      true,
    ],
  ])('of %s with %s is %s', async (pom, jar, command, isGuess) => {
    const files = { 'pom.xml': pom, [jar]: runnable, 'target/lib.jar': library, 'target/a-sources.jar': runnable }
    expect(await web(files)).toEqual({ type: 'web', command, guessedFrom: isGuess ? jar : null })
  })

  it('of a war needs a server, and says so', async () => {
    const source = await write({ 'pom.xml': '', 'target/shop.war': '' })
    expect(await explainNoWeb(source)).toContain('target/shop.war, which needs a server')
    await write({ 'target/dependency/webapp-runner.jar': runnable })
    expect(await explainNoWeb(source)).toBeNull()
    expect((await web({}))?.command).toBe(
      'java $JAVA_OPTS -jar target/dependency/webapp-runner.jar --port $PORT target/shop.war',
    )
  })

  it('of a jar that names no main class is none, and says so', async () => {
    expect(await explainNoWeb(await write({ 'pom.xml': '', 'target/lib.jar': library }))).toContain(
      'No jar in target names a main class',
    )
  })
})

describe('the profile of a dyno in a Java virtual machine', () => {
  const ask = (environment: Record<string, string>, ...names: string[]) => {
    const script = `${jvmProfile}\nfor name in ${names.join(' ')}; do echo "\${!name-unset}"; done`
    const output = execFileSync('bash', ['-uc', script], {
      env: { PATH: '/usr/bin:/bin', ...environment },
      encoding: 'utf8',
    })
    return output.trimEnd().split('\n')
  }

  it.each([
    ['512', '-Dfile.encoding=UTF-8 -XX:MaxRAM=536870912 -Xmx300m -Xss512k -XX:CICompilerCount=2 -Dmine'],
    ['1024', '-Dfile.encoding=UTF-8 -XX:MaxRAM=1073741824 -Xmx671m -XX:CICompilerCount=2 -Dmine'],
    ['2560', '-Dfile.encoding=UTF-8 -XX:MaxRAM=2684354560 -XX:MaxRAMPercentage=80.0 -Dmine'],
  ])('of %s MB has a heap for it, under what the app says itself', (memory, options) => {
    const environment = { MEMORY_AVAILABLE: memory, JAVA_OPTS: '-Dmine', JAVA_TOOL_OPTIONS: '-Dmine', DYNO: 'web.1' }
    expect(ask(environment, 'JAVA_OPTS', 'JAVA_TOOL_OPTIONS')).toEqual([options, options])
    expect(ask({ MEMORY_AVAILABLE: memory, DYNO: 'run.1' }, 'JAVA_TOOL_OPTIONS')).toEqual(['unset'])
  })

  it('has the database as JDBC and Spring want it, unless they are told otherwise', () => {
    const DATABASE_URL = 'postgres://jo:s%40c&t@db.example:5432/shop?a=b'
    const url = 'jdbc:postgresql://db.example:5432/shop?user=jo&password=s%40c&t&a=b'
    const names = ['JDBC_DATABASE_URL', 'JDBC_DATABASE_USERNAME', 'SPRING_DATASOURCE_URL', 'SPRING_DATASOURCE_PASSWORD']
    expect(ask({ DATABASE_URL }, ...names)).toEqual([url, 'jo', url, 's@c&t'])
    expect(ask({ DATABASE_URL, DISABLE_SPRING_DATASOURCE_URL: 'true' }, ...names)).toEqual([
      url,
      'jo',
      'unset',
      'unset',
    ])
    expect(ask({ DATABASE_URL: 'mysql://a:b@c/d' }, 'JDBC_DATABASE_URL')).toEqual([
      'jdbc:mysql://c/d?user=a&password=b',
    ])
    expect(ask({ DATABASE_URL: 'redis://:x@c' }, 'JDBC_DATABASE_URL')).toEqual(['unset'])
    expect(ask({ DATABASE_URL, JDBC_DATABASE_URL: 'mine' }, 'JDBC_DATABASE_URL')).toEqual(['mine'])
    expect(ask({ REDIS_URL: 'redis://r' }, 'SPRING_DATA_REDIS_URL')).toEqual(['redis://r'])
  })
})

describe('what Java trusts in a build', () => {
  it("is the server's bundle, in the format that every JDK reads", () => {
    const pem = '-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n'
    const certificates = parseBundle(pem + pem)
    expect(certificates).toEqual([Buffer.from([1, 2, 3]), Buffer.from([1, 2, 3])])
    const store = renderTrustStore(certificates)
    expect(store.subarray(0, 12).toString('hex')).toBe('feedfeed0000000200000002')
    // The head, two entries, and the digest behind them.
    expect(store.length).toBe(12 + 2 * (4 + 2 + 11 + 8 + 2 + 5 + 4 + 3) + 20)
  })

  it('is told to the JVM, and the proxy too, which it does not read itself', async () => {
    const options = await renderJvmOptions(app.path, {
      https_proxy: 'http://proxy.example:3128',
      no_proxy: 'localhost,.example',
    })
    expect(options).toEqual(
      expect.arrayContaining([
        '-Dhttps.proxyHost=proxy.example',
        '-Dhttps.proxyPort=3128',
        '-Dhttp.nonProxyHosts=localhost|*.example',
      ]),
    )
  })
})

describe('the downloads of a Java build', () => {
  it('are kept, without what was not found and what the app installed; another stack drops them', async () => {
    const folder = path.join(app.path, 'repository')
    await prepareDownloads(folder, 'the stack one')
    await write({
      'repository/org/x/1/x.jar': '',
      'repository/org/x/1/x.jar.lastUpdated': '',
      'repository/com/example/app/maven-metadata-local.xml': '',
      'repository/com/example/app/1/app.jar': '',
    })
    await forgetInstalled(folder)
    await prepareDownloads(folder, 'the stack one')
    const list = () => execFileSync('find', [folder, '-type', 'f'], { encoding: 'utf8' }).trim()
    expect(list()).toBe(path.join(folder, 'org/x/1/x.jar'))
    await prepareDownloads(folder, 'the stack two')
    expect(() => list()).toThrow(/No such file/)
  })
})

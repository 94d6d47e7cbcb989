import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { LanguageApp, LanguageServer } from '../languages/deploy-language.ts'
import { openMirror } from './open-mirror.ts'

export interface GradleMirror extends AsyncDisposable {
  /** Gives an app the wrapper, as `gradle wrapper` writes it, and what so old a Gradle needs besides. */
  prepare(app: LanguageApp): Promise<void>
}

const version = '4.4.1'

/**
 * Gradle's own place of distributions is not reached by each machine that runs the tests, and no index of packages has a newer one than
 * Debian's. Its files as a zip, offered by a mirror that the wrapper is told of.
 */
export async function openGradleMirror({ hearth }: LanguageServer): Promise<GradleMirror> {
  const machine = hearth.server
  await machine.exec(['apt-get', 'update', '-qq'])
  await machine.exec(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', 'gradle', 'zip'])
  const script = `mkdir -p /opt/mirror /opt/wrapper && cd /opt/wrapper && touch build.gradle && gradle --no-daemon wrapper &&
    cp -rL /usr/share/gradle /opt/gradle-${version} && cd /opt && zip -qr /opt/mirror/gradle-${version}-bin.zip gradle-${version}`
  await machine.exec(['sh', '-c', script])
  const mirror = await openMirror(hearth, '/opt/mirror')
  return {
    async prepare(app) {
      const from = (name: string) => machine.path(`/opt/wrapper/${name}`)
      await mkdir(path.join(app.folder, 'gradle'))
      await cp(from('gradle/wrapper'), path.join(app.folder, 'gradle/wrapper'), { recursive: true })
      await cp(from('gradlew'), path.join(app.folder, 'gradlew'))
      const file = path.join(app.folder, 'gradle/wrapper/gradle-wrapper.properties')
      const place = `distributionUrl=${mirror.url}gradle-${version}-bin.zip`
      await writeFile(file, (await readFile(file, 'utf8')).replace(/^distributionUrl=.*$/m, place))
      // Debian's Gradle looks for the libraries that it uses among Debian's packages, wherever it lies itself.
      await writeFile(path.join(app.folder, 'Aptfile'), 'gradle\n')
      // That old a Gradle reaches into the JDK.
      await app.set({ GRADLE_OPTS: '--add-opens java.base/java.lang=ALL-UNNAMED' })
    },
    [Symbol.asyncDispose]: () => mirror[Symbol.asyncDispose](),
  }
}

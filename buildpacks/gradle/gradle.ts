import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { renderJvmOptions } from '../jvm/environment.ts'
import { prepareDownloads } from '../jvm/repository.ts'
import { repairScript } from '../jvm/wrapper.ts'
import type { Build } from '../lib/build.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { BuildError, printHeader } from '../lib/output.ts'
import { findNear } from '../lib/source.ts'
import { chooseTasks, readBuildFiles } from './build-file.ts'
import { gradleFailures } from './failures.ts'

/** Runs the wrapper, as Heroku does: which Gradle an app is built by is the app's to say. */
export async function runGradle(build: Build, java: string): Promise<void> {
  const wrapper = path.join(build.app, (await findNear(build, 'gradlew')) ?? '')
  await checkWrapper(wrapper)
  const home = path.join(build.cache, 'gradle')
  await prepareDownloads(home, `the stack ${build.stack}`)
  const tasks = chooseTasks(await readBuildFiles(build), build.configVars)
  printHeader(`Building with Gradle: ./gradlew ${tasks.join(' ')}`)
  await repairScript(wrapper, 'gradlew')
  const properties = await renderJvmOptions(build.cache)
  const parameters = [
    ...properties,
    '--no-daemon',
    '--console=plain',
    '--build-cache',
    '--init-script',
    await writeInit(build),
    ...tasks,
  ]
  const environment = { GRADLE_USER_HOME: home, GRADLE_OPTS: renderOptions(build) }
  const result = await build.run('sh', [path.join(wrapper, 'gradlew'), ...parameters], { environment })
  if (result.status === 0) return
  throw recogniseFailure(result, gradleFailures, {
    id: 'gradle-failed',
    headline: `\`./gradlew ${tasks.join(' ')}\` failed with status ${result.status}.`,
    advice: `Its output above says why. The same command with Java ${java} on your machine should fail the same way.`,
  })
}

async function checkWrapper(folder: string): Promise<void> {
  const files = ['gradlew', 'gradle/wrapper/gradle-wrapper.jar', 'gradle/wrapper/gradle-wrapper.properties']
  for (const name of files)
    if (!(await isThere(path.join(folder, name))))
      throw new BuildError(
        'gradle-wrapper-missing',
        `The app has no ${name}, which is part of Gradle's wrapper.`,
        'Run `gradle wrapper` and commit gradlew and gradle/wrapper. Does .gitignore name *.jar? Then: git add -f gradle/wrapper/gradle-wrapper.jar',
      )
}

function renderOptions(build: Build): string {
  return `-Xmx1024m ${build.configVars.get('GRADLE_OPTS') ?? ''}`.trim()
}

async function writeInit(build: Build): Promise<string> {
  const file = path.join(build.cache, 'hearth.gradle')
  await writeFile(file, renderInit(build.environment.MAVEN_MIRROR_URL))
  return file
}

/**
 * What all builds of a server have, under what the app's own build says: archives without the time of their build, as is Gradle's own
 * default since 9.0; and where the server has a mirror of Maven Central, every use of that is turned there.
 * https://docs.gradle.org/current/userguide/init_scripts.html
 */
export function renderInit(mirror?: string): string {
  return `${sameEachTime}${mirror ? renderMirror(mirror) : ''}`
}

/** `all` is for Gradle before 4.9. */
const sameEachTime = `allprojects {
  def archives = tasks.withType(AbstractArchiveTask)
  def same = { one ->
    one.preserveFileTimestamps = false
    one.reproducibleFileOrder = true
  }
  if (archives.metaClass.respondsTo(archives, 'configureEach')) archives.configureEach(same) else archives.all(same)
}
`

function renderMirror(mirror: string): string {
  return `def turn = { repositories -> repositories.all { one ->
  if (one instanceof MavenArtifactRepository && one.url.toString().startsWith('https://repo.maven.apache.org/')) one.url = '${mirror.replace(/['\\$]/g, '')}'
} }
allprojects { turn(buildscript.repositories); turn(repositories) }
if (gradle.metaClass.respondsTo(gradle, 'settingsEvaluated', Closure)) settingsEvaluated { settings ->
  if (settings.hasProperty('pluginManagement')) turn(settings.pluginManagement.repositories)
  if (settings.hasProperty('dependencyResolutionManagement')) turn(settings.dependencyResolutionManagement.repositories)
}
`
}

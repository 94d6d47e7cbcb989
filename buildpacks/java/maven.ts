import path from 'node:path'
import { locateCentral } from '../jvm/central.ts'
import { renderJvmOptions } from '../jvm/environment.ts'
import { forgetInstalled, prepareDownloads } from '../jvm/repository.ts'
import { repairScript } from '../jvm/wrapper.ts'
import type { Build } from '../lib/build.ts'
import { offerArchives, type PinnedArchive } from '../lib/choose-version.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { BuildError, printHeader } from '../lib/output.ts'
import { findNear, type Source } from '../lib/source.ts'
import { javaFailures } from './failures.ts'
import { findReactor, readPoms } from './pom.ts'
import { writeSettings } from './settings.ts'

/** Maven's own releases, as Maven Central has them; the newest counts where the app names none. */
export const mavenArchives: readonly PinnedArchive[] = Object.entries({
  '3.6.3': '26ad91d751b3a9a53087aefa743f4e16a17741d3915b219cf74112bf87a438c5',
  '3.8.9': '3e4c68cdd70f96635e713f36c8fc3ea3182035245d3da2156576710ca0fe4b0c',
  '3.9.16': '80ffca22aed9e8b9713a232f3394fd81d7f20322df75efdb2b047dbd3e3a23bb',
}).map(([version, sha256]) => ({ version, sha256: { x64: sha256, arm64: sha256 } }))

/** The line of bin/layers; null for an app that brings the wrapper, which fetches the Maven that it names. */
export async function chooseMavenLayer(source: Source): Promise<{ line: string | null; warnings: string[] }> {
  const wish = await findMavenWish(source)
  if (await usesWrapper(source)) return { line: null, warnings: [] }
  const place = `${locateCentral(source)}/org/apache/maven/apache-maven`
  const offers = offerArchives(
    'maven',
    mavenArchives,
    (version) => `${place}/${version}/apache-maven-${version}-bin.tar.gz`,
  )
  const newest = offers.at(-1)
  const line = wish?.split('.').slice(0, 2).join('.')
  const fit = wish ? offers.find(({ version }) => version === wish || version.startsWith(`${line}.`)) : newest
  if (!fit)
    throw new BuildError(
      'maven-version-not-available',
      `Maven ${wish} (system.properties) can't be had here.`,
      `What can be had: ${mavenArchives.map(({ version }) => version).join(', ')}. For any other add the wrapper: \`mvn wrapper:wrapper\`.`,
    )
  const warning = `Maven ${wish} (system.properties) can't be had here: using ${fit.version}, of the same line.`
  return { line: `build ${fit.layer}`, warnings: wish && fit.version !== wish ? [warning] : [] }
}

async function findMavenWish(source: Source): Promise<string | undefined> {
  return /^\s*maven\.version\s*[=:]\s*(\S+)/m.exec((await source.read('system.properties')) ?? '')?.[1]
}

/** As on Heroku: a maven.version in system.properties counts more. */
export async function usesWrapper(source: Source): Promise<boolean> {
  if ((await findMavenWish(source)) || (await source.readNear('mvnw')) === null) return false
  return (await source.readNear('.mvn/wrapper/maven-wrapper.properties')) !== null
}

export async function runMaven(build: Build, java: string): Promise<void> {
  const repository = path.join(build.cache, 'repository')
  await prepareDownloads(repository, `the stack ${build.stack}`)
  const isWrapped = await usesWrapper(build)
  const goals = build.configVars.get('MAVEN_CUSTOM_GOALS') ?? 'clean install'
  const options = build.configVars.get('MAVEN_CUSTOM_OPTS') ?? '-DskipTests'
  const directory = path.join(build.app, await findReactor(build))
  // A module, and those of its neighbours that it needs.
  const part = directory === build.app ? [] : ['-pl', path.relative(directory, build.app), '-am']
  const words = [...part, ...options.split(/\s+/), ...goals.split(/\s+/)].filter(Boolean)
  const program = isWrapped ? './mvnw' : 'mvn'
  printHeader(`Building with Maven: ${program} ${words.join(' ')}`)
  const wrapper = path.join(build.app, (await findNear(build, 'mvnw')) ?? '')
  if (isWrapped) await repairScript(wrapper, 'mvnw')
  const settings = [...(await writeSettings(build)), ...(await renderTimestamp(build))]
  const parameters = ['--batch-mode', `-Dmaven.repo.local=${repository}`, ...settings, ...words]
  const environment = await renderMavenEnvironment(build)
  const result = isWrapped
    ? await build.run('sh', [path.join(wrapper, 'mvnw'), ...parameters], { environment, directory })
    : await build.run('mvn', parameters, { environment, directory })
  await forgetInstalled(repository)
  if (result.status === 0) return
  throw recogniseFailure(result, javaFailures, {
    id: 'maven-failed',
    headline: `\`${program} ${words.join(' ')}\` failed with status ${result.status}.`,
    advice: `Its output above says why. The same command with Java ${java} on your machine should fail the same way.`,
  })
}

/**
 * The time that jars carry instead of the one of their build, so that the same source is the same slug, unless a pom says one itself. A
 * zip knows none before 1980, in whichever zone. https://maven.apache.org/guides/mini/guide-reproducible-builds.html
 */
async function renderTimestamp(build: Build): Promise<string[]> {
  const isSaid = (await readPoms(build)).includes('project.build.outputTimestamp')
  return isSaid ? [] : ['-Dproject.build.outputTimestamp=1980-02-01T00:00:00Z']
}

async function renderMavenEnvironment(build: Build): Promise<Record<string, string>> {
  const mirror = build.environment.MAVEN_MIRROR_URL
  const options = [
    '-Xmx1024m',
    // What it downloads is thousands of lines, which nobody reads; this holds for all versions, unlike --no-transfer-progress.
    '-Dorg.slf4j.simpleLogger.log.org.apache.maven.cli.transfer.Slf4jMavenTransferListener=warn',
    ...(await renderJvmOptions(build.cache)),
    build.configVars.get('MAVEN_JAVA_OPTS') ?? '',
    build.configVars.get('MAVEN_OPTS') ?? '',
  ]
  return {
    MAVEN_OPTS: options.filter(Boolean).join(' '),
    // Where the wrapper keeps the Maven that it fetched.
    MAVEN_USER_HOME: path.join(build.cache, 'wrapper'),
    ...(mirror ? { MVNW_REPOURL: mirror.replace(/\/$/, '') } : {}),
  }
}

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { locateCentral } from '../jvm/central.ts'
import { renderJvmOptions } from '../jvm/environment.ts'
import { prepareDownloads } from '../jvm/repository.ts'
import type { Build } from '../lib/build.ts'
import { offerArchives, type PinnedArchive } from '../lib/choose-version.ts'
import { platformEnvironment } from '../lib/config.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { KeptFolders } from '../lib/kept-folders.ts'
import { BuildError, printDetail, printHeader } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'
import { scalaFailures } from './failures.ts'

/** The launcher runs whatever sbt an app names, so one is enough for all; its jar is no archive of programs, but a folder of classes. */
const launcher: PinnedArchive = {
  version: '1.13.1',
  sha256: {
    x64: 'b73aabc037a4b6e06b5d07d36edd026a97c3ac11c2f7e0d6f581d8efa47472e8',
    arm64: 'b73aabc037a4b6e06b5d07d36edd026a97c3ac11c2f7e0d6f581d8efa47472e8',
  },
}

export function renderLauncherLayer(source: Source): string {
  const place = `${locateCentral(source)}/org/scala-sbt/sbt-launch`
  const [offer] = offerArchives('sbt', [launcher], (version) => `${place}/${version}/sbt-launch-${version}.jar`)
  return `build ${offer?.layer}`
}

/** `1.11.7`; it must be there, since sbt would take whatever is newest. */
export async function readSbtVersion(source: Source): Promise<string> {
  const text = (await source.read('project/build.properties')) ?? ''
  const [, version] = /^\s*sbt\.version\s*[=:]\s*(\S+)/m.exec(text) ?? []
  const advice = 'Write into project/build.properties, for example:\n  sbt.version=1.11.7'
  if (!version) throw new BuildError('sbt-version-missing', 'The app does not say which sbt it is built by.', advice)
  if (!/^[1-9]\d*\./.test(version))
    throw new BuildError(
      'sbt-version-too-old',
      `sbt ${version} (project/build.properties) is not built any more.`,
      advice,
    )
  return version
}

/** What the last build compiled, from which sbt goes on; it knows by the content of sources what to compile again. */
const targets = ['target', 'project/target', 'project/project'].map((name) => ({ name, isShipped: name === 'target' }))

export async function runSbt(build: Build, java: string): Promise<void> {
  const version = await readSbtVersion(build)
  printDetail(`sbt ${version}`)
  const home = path.join(build.cache, 'sbt')
  await prepareDownloads(home, `sbt ${version}, OpenJDK ${java.split('.')[0]}, the stack ${build.stack}`)
  const kept = new KeptFolders({ app: build.app, cache: home }, targets)
  await kept.restore()
  const tasks = await chooseTasks(build)
  printHeader(`Building with sbt: ${tasks.join(' ')}`)
  const parameters = [...(await renderOptions(build, home)), '-cp', await locateLauncher(), 'xsbt.boot.Boot', ...tasks]
  const { JAVA_HOME } = build.environment
  // Beside an archive's JDK its runtime is on the PATH too, which has no compiler for Java.
  const program = JAVA_HOME ? path.join(JAVA_HOME, 'bin/java') : 'java'
  const result = await build.run(program, parameters, { environment: { COURSIER_CACHE: path.join(home, 'coursier') } })
  if (result.status === 0) return kept.save()
  throw recogniseFailure(result, scalaFailures, {
    id: 'sbt-failed',
    headline: `\`sbt ${tasks.join(' ')}\` failed with status ${result.status}.`,
    advice: `Its output above says why. If it can't be so, build without what was kept: set the config var SBT_CLEAN=true.`,
  })
}

/** As Heroku's: each from a config var, else from system.properties (`sbt.project=web`). */
export async function chooseTasks(source: Source): Promise<string[]> {
  const properties = (await source.read('system.properties')) ?? ''
  const read = (name: string) =>
    source.configVars.get(`SBT_${name.toUpperCase()}`) ??
    new RegExp(`^\\s*sbt\\.${name.replace('_', '[.-]')}\\s*[=:]\\s*(.+)$`, 'm').exec(properties)?.[1]?.trim()
  const project = read('project')
  const words = (text: string | undefined) => text?.split(/\s+/).filter(Boolean) ?? []
  const tasks = words(read('tasks') ?? 'compile stage').map((task) => (project ? `${project}/${task}` : task))
  return [...(read('clean') === 'true' ? ['clean'] : []), ...words(read('pre_tasks')), ...tasks]
}

async function renderOptions(build: Build, home: string): Promise<string[]> {
  const folders = {
    'sbt.boot.directory': 'boot',
    'sbt.ivy.home': 'ivy',
    'sbt.global.base': 'global',
    'sbt.coursier.home': 'coursier',
  }
  return [
    '-Xmx1536m',
    '-Xss2m',
    ...(await renderJvmOptions(build.cache)),
    ...Object.entries(folders).map(([name, folder]) => `-D${name}=${path.join(home, folder)}`),
    '-Dsbt.server.autostart=false',
    '-Dsbt.supershell=false',
    '-Dsbt.log.noformat=true',
    ...(await writeRepositories(build, home)),
    ...(build.configVars.get('SBT_OPTS')?.split(/\s+/).filter(Boolean) ?? []),
  ]
}

/** https://www.scala-sbt.org/1.x/docs/Proxy-Repositories.html */
async function writeRepositories(build: Build, home: string): Promise<string[]> {
  const mirror = build.environment.MAVEN_MIRROR_URL
  if (!mirror) return []
  const file = path.join(home, 'repositories')
  await writeFile(file, `[repositories]\n  local\n  mirror: ${mirror}\n  maven-central\n`)
  return [`-Dsbt.repository.config=${file}`]
}

/** A folder of classes, so it is on no PATH; where the machine is the stack, layers have roots of their own. */
async function locateLauncher(): Promise<string> {
  const roots = [...(platformEnvironment.HEARTH_LAYERS?.split(':') ?? []), '/']
  for (const root of roots) {
    const folder = path.join(root, 'usr/local/hearth', `sbt-${launcher.version}`)
    if (await isThere(folder)) return folder
  }
  throw new BuildError('sbt-missing', 'There is no launcher of sbt in this build.', 'Deploy again.')
}

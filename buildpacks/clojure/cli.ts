import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { locateCentral, renderMirrors } from '../jvm/central.ts'
import { renderJvmOptions } from '../jvm/environment.ts'
import type { Build } from '../lib/build.ts'
import { BuildError, printDetail } from '../lib/output.ts'
import { cliJars, cliVersion } from './cli-jars.ts'
import { execProgram, renderCliScript } from './cli-script.ts'
import { chooseMirrors } from './mirrors.ts'

/** The command `clojure`, and what it needs in its environment; its folder is on the PATH there. */
export interface Cli {
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
}

/** Puts it together in the cache of the app. */
export async function prepareCli(build: Build): Promise<Cli> {
  const folder = path.join(build.cache, 'cli')
  await fetchJars(build, path.join(folder, 'lib'))
  const home = build.environment.JAVA_HOME
  const script = renderCliScript(home ? path.join(home, 'bin/java') : 'java', cliVersion)
  await writeTo(path.join(folder, 'exec/hearth/exec.clj'), execProgram)
  for (const name of ['clojure', 'clj']) {
    await writeTo(path.join(folder, 'bin', name), script)
    await chmod(path.join(folder, 'bin', name), 0o755)
  }
  await writeTo(path.join(build.cache, 'home/.m2/settings.xml'), renderMirrors(chooseMirrors(build)))
  return { program: path.join(folder, 'bin/clojure'), environment: await renderCliEnvironment(build, folder) }
}

async function renderCliEnvironment(build: Build, folder: string): Promise<Record<string, string>> {
  const options = (await renderJvmOptions(build.cache)).join(' ')
  return {
    PATH: `${folder}/bin:${build.environment.PATH ?? ''}`,
    // The first is for what finds libraries, the second for the programs that it starts; both names are upstream's.
    CLJ_JVM_OPTS: options,
    JAVA_OPTS: `-Xmx1024m ${options}`,
    GITLIBS: path.join(build.cache, 'gitlibs'),
  }
}

async function writeTo(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}

/** Those of the last build are looked at first: all builds of the app may write there, and another Hearth may want others. */
async function fetchJars(build: Build, folder: string): Promise<void> {
  if ((await findDamaged(folder)) === null) return
  printDetail(`Fetching tools.deps ${cliVersion}`)
  await rm(folder, { recursive: true, force: true })
  const mirror = locateCentral(build)
  const words = cliJars.flatMap(({ place }) => ['--output', fileOf(folder, place), `${mirror}/${place}`])
  const { status, output } = await build.run('curl', [...curlOptions, ...words], { isQuiet: true })
  const advice = 'Check that the server reaches Maven Central, or the mirror of it that MAVEN_MIRROR_URL names.'
  if (status !== 0) {
    const why = output.trim().split('\n').at(-1)
    throw new BuildError('clojure-cli-not-fetched', `The command clojure could not be fetched: ${why}`, advice)
  }
  const damaged = await findDamaged(folder)
  if (damaged !== null)
    throw new BuildError('clojure-cli-damaged', `What was sent as ${damaged} is not that, so it is not used.`, advice)
}

const curlOptions = ['--fail', '--silent', '--show-error', '--location', '--retry', '3', '--create-dirs', '--parallel']

/** The first that is not there, or not what was pinned. */
async function findDamaged(folder: string): Promise<string | null> {
  for (const { place, sha256 } of cliJars) {
    const bytes = await readFile(fileOf(folder, place)).catch(() => Buffer.alloc(0))
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) return path.basename(place)
  }
  return null
}

function fileOf(folder: string, place: string): string {
  return path.join(folder, path.basename(place))
}

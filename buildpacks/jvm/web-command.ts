import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { DefaultProcess } from '../lib/buildpack.ts'
import { isThere } from '../lib/copy-tree.ts'
import type { Source } from '../lib/source.ts'
import { findFiles } from './find-files.ts'
import { readManifest } from './jar.ts'

/** A framework, how it is recognised in the text of a build file, and what tells its server the port. */
interface Framework {
  readonly name: string
  readonly pattern: RegExp
  /** Before `-jar`. */
  readonly options: string
  /** Behind the jar. */
  readonly parameters?: string
  /** Heroku starts it like this too, so it is no guess. */
  readonly isKnown?: boolean
}

export const frameworks: readonly Framework[] = [
  { name: 'Spring Boot', pattern: /org\.springframework\.boot/, options: '-Dserver.port=$PORT', isKnown: true },
  {
    name: 'Micronaut',
    pattern: /io\.micronaut/,
    options: '-Dmicronaut.server.port=$PORT',
    isKnown: true,
  },
  {
    name: 'Quarkus',
    pattern: /io\.quarkus/,
    options: '-Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=$PORT',
    isKnown: true,
  },
  { name: 'WildFly Swarm', pattern: /org\.wildfly\.swarm/, options: '-Dswarm.http.port=$PORT', isKnown: true },
  {
    name: 'WildFly',
    pattern: /org\.wildfly\.(?:plugins|bootable)/,
    options: '-Djboss.http.port=$PORT -Djboss.bind.address=0.0.0.0',
  },
  { name: 'Ktor', pattern: /io\.ktor/, options: '', parameters: '-port=$PORT' },
  {
    name: 'Dropwizard',
    pattern: /io\.dropwizard/,
    options: "'-Ddw.server.applicationConnectors[0].port='$PORT",
    parameters: 'server',
  },
  { name: 'Helidon', pattern: /io\.helidon/, options: '-Dserver.port=$PORT' },
]

/** Jars that hold no program: sources, documentation, tests, what Spring Boot and shading keep beside theirs. */
const notProgram = /(?:^original-|-(?:sources|javadoc|tests|test-sources|plain|original)\.jar$)/

/**
 * A web process for what a build left in `folder` (target, build/libs): the runnable jar of a framework as Heroku starts it, else
 * any jar that names a main class, which is a guess. `buildFile` is the text that names the frameworks.
 */
export async function chooseJarProcess(
  source: Source,
  folder: string,
  buildFile: string,
): Promise<DefaultProcess | null> {
  const framework = frameworks.find(({ pattern }) => pattern.test(buildFile)) ?? null
  const jar = (await findQuarkus(source, folder)) ?? (await findProgram(source, folder))
  if (jar === null) return null
  const words = ['java', framework?.options, '$JAVA_OPTS', '-jar', jar, framework?.parameters]
  return {
    type: 'web',
    command: words.filter(Boolean).join(' '),
    guessedFrom: framework?.isKnown && jar.startsWith(folder) ? null : jar,
  }
}

async function findQuarkus({ app }: Source, folder: string): Promise<string | null> {
  const jar = path.join(folder.replace('build/libs', 'build'), 'quarkus-app/quarkus-run.jar')
  return (await isThere(path.join(app, jar))) ? jar : null
}

/** The largest jar with a main class, since what holds all of its dependencies is the larger one; of the top before those of modules. */
async function findProgram({ app }: Source, folder: string): Promise<string | null> {
  for (const pattern of [`${folder}/*.jar`, `*/${folder}/*.jar`]) {
    const found: { file: string; bytes: number }[] = []
    for (const file of await findFiles(app, pattern)) {
      if (notProgram.test(path.basename(file)) || !/^[\w./+-]+$/.test(file)) continue
      const place = path.join(app, file)
      if ((await readManifest(place)).has('Main-Class')) found.push({ file, bytes: (await stat(place)).size })
    }
    found.sort((a, b) => b.bytes - a.bytes || a.file.localeCompare(b.file))
    if (found[0]) return found[0].file
  }
  return null
}

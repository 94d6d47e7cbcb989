import path from 'node:path'
import { renderJvmOptions } from '../jvm/environment.ts'
import type { Build } from '../lib/build.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { printHeader } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'
import { clojureFailures } from './failures.ts'
import { readProject } from './project.ts'

/** Debian's own package: upstream is a script that fetches a jar from a place that is no index of packages. */
export const leinLayer = 'build apt leiningen for lein'

export async function runLein(
  build: Build,
  java: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const tasks = await chooseTasks(build)
  printHeader(`Building with Leiningen: lein ${tasks.join(' ')}`)
  const result = await build.run('lein', tasks, { environment })
  if (result.status === 0) return
  throw recogniseFailure(result, clojureFailures, {
    id: 'lein-failed',
    headline: `\`lein ${tasks.join(' ')}\` failed with status ${result.status}.`,
    advice: `Its output above says why. The same command with Java ${java} on your machine should fail the same way.`,
  })
}

/**
 * LEIN_BUILD_TASK, else a jar with all that it needs. Heroku makes one only where `:uberjar-name` is set, and runs Leiningen in
 * the dyno where it is not, which takes a second virtual machine and all of its downloads there.
 */
export async function chooseTasks(source: Source): Promise<string[]> {
  const named = source.configVars.get('LEIN_BUILD_TASK')?.split(/\s+/).filter(Boolean)
  if (named && named.length > 0) return named
  const { uberjar, hasMain } = await readProject(source)
  return uberjar || hasMain ? ['uberjar'] : ['with-profile', 'production', 'compile', ':all']
}

export async function renderLeinEnvironment(build: Build): Promise<Record<string, string>> {
  const options = (await renderJvmOptions(build.cache)).join(' ')
  const home = build.environment.JAVA_HOME
  return {
    LEIN_HOME: path.join(build.cache, 'lein'),
    LEIN_JVM_OPTS: `-Xmx1024m ${options} ${build.configVars.get('LEIN_JVM_OPTS') ?? ''}`.trim(),
    LEIN_NO_DEV: 'yes',
    ...(home ? { JAVA_CMD: path.join(home, 'bin/java'), LEIN_JAVA_CMD: path.join(home, 'bin/java') } : {}),
  }
}

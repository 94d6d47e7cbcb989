import path from 'node:path'
import { findFiles } from '../jvm/find-files.ts'
import type { Build } from '../lib/build.ts'
import type { DefaultProcess } from '../lib/buildpack.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { printHeader } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'
import type { Cli } from './cli.ts'
import { clojureFailures } from './failures.ts'
import { classPathFile, gatherLibraries } from './libraries.ts'

/** What the buildpack reads of deps.edn and build.clj; anything else in them is for tools.deps. */
export interface DepsProject {
  /** `uber`: the function of build.clj that makes a jar of the whole app, where deps.edn has the alias :build for it. */
  readonly buildFunction: string | null
  /** `shop.core`: what the :main-opts of its aliases start, the tools of development among them. */
  readonly mainNamespaces: readonly string[]
}

/** Names that guides and templates give it. */
const buildFunctions = ['uber', 'uberjar', 'ci', 'jar']

export async function readDepsProject(source: Source): Promise<DepsProject> {
  const read = async (name: string) => ((await source.read(name)) ?? '').replace(/;.*$/gm, '')
  const [deps, build] = [await read('deps.edn'), await read('build.clj')]
  const found = buildFunctions.find((name) => new RegExp(`\\(defn\\s+${name}\\s`).test(build))
  const mains = deps.matchAll(/:main-opts\s*\[[^\]]*"(?:-m|--main)"\s+"([\w.*+!?<>=-]+)"/g)
  return {
    buildFunction: (/:build\s*\{/.test(deps) && found) || null,
    mainNamespaces: [...mains].map(([, name = '']) => name),
  }
}

/** Words for `clojure`; null for an app that runs from its sources. */
export async function chooseDepsTask(source: Source): Promise<string[] | null> {
  const named = source.configVars.get('CLOJURE_BUILD_TASK')?.split(/\s+/).filter(Boolean)
  if (named && named.length > 0) return named
  const { buildFunction } = await readDepsProject(source)
  return buildFunction ? ['-T:build', buildFunction] : null
}

export async function runDeps(build: Build, cli: Cli, java: string): Promise<void> {
  const task = await chooseDepsTask(build)
  if (task) {
    printHeader(`Building with tools.deps: clojure ${task.join(' ')}`)
    await runClojure(build, cli, java, task)
  } else {
    printHeader('Gathering the libraries of deps.edn')
    await runClojure(build, cli, java, ['-P'])
    const { output } = await build.run(cli.program, ['-Spath'], { environment: cli.environment, isQuiet: true })
    await gatherLibraries(build, output)
  }
}

async function runClojure(build: Build, cli: Cli, java: string, words: readonly string[]): Promise<void> {
  const result = await build.run(cli.program, words, { environment: cli.environment })
  if (result.status === 0) return
  throw recogniseFailure(result, clojureFailures, {
    id: 'clojure-failed',
    headline: `\`clojure ${words.join(' ')}\` failed with status ${result.status}.`,
    advice: `Its output above says why. The same command with Java ${java} on your machine should fail the same way.`,
  })
}

/** An app that was not made into a jar runs from its sources, by a namespace of its own that an alias starts. */
export async function chooseSourceProcess(source: Source): Promise<DefaultProcess | null> {
  if (!(await isThere(path.join(source.app, classPathFile)))) return null
  for (const name of (await readDepsProject(source)).mainNamespaces) {
    const file = name.replaceAll('-', '_').replaceAll('.', '/')
    const [own] = await findFiles(source.app, `{*/,*/*/,*/*/*/}${file}.clj{,c}`)
    if (own === undefined) continue
    const command = `java $JAVA_OPTS -cp "$(cat ${classPathFile})" clojure.main -m ${name}`
    return { type: 'web', command, guessedFrom: ':main-opts in deps.edn' }
  }
  return null
}

import path from 'node:path'
import { type Build, openBuild } from './build.ts'
import { isThere } from './copy-tree.ts'
import { BuildError, printWarning, renderWarning } from './output.ts'
import { openSource, type Source } from './source.ts'

/** A command that the app gets for a process type when its Procfile names none. */
export interface DefaultProcess {
  readonly type: string
  readonly command: string
  /** What it was inferred from, when nothing of the app says so; the user is told. */
  readonly guessedFrom: string | null
}

/** What bin/layers answers: lines for the agent, and what the user should hear. */
export interface LayerChoice {
  readonly lines: readonly string[]
  readonly warnings: readonly string[]
}

/** One language, behind the classic executables. bin/detect is a script of its own, so that nobody waits for eight programs. */
export interface Buildpack {
  /** `python`: its folder here and in the cache, and the name of its script in .profile.d. */
  readonly name: string
  chooseLayers(source: Source): Promise<LayerChoice>
  /** What its programs find in their environment besides the app's config vars. */
  readonly renderEnvironment?: NonNullable<Parameters<typeof openBuild>[0]['render']>
  compile(build: Build): Promise<void>
  /** After compile, so it may look at what that made. */
  chooseProcesses(source: Source): Promise<readonly DefaultProcess[]>
  /** What to write when no default fits: `a Procfile or a "start" script to package.json`. */
  readonly startAdvice: string
  /** Facts of a build that was made or failed, `python_version` and the like. */
  report(source: Source): Promise<Readonly<Record<string, string>>>
}

/** The whole of a buildpack's main.ts. */
export async function runBuildpack(buildpack: Buildpack): Promise<void> {
  const [verb, ...parameters] = process.argv.slice(2)
  try {
    await runVerb(buildpack, verb, parameters)
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    // The standard output of layers is not for the user.
    if (verb === 'layers') process.stderr.write(error.render())
    else process.stdout.write(error.render())
    process.exitCode = 1
  }
}

async function runVerb(
  buildpack: Buildpack,
  verb: string | undefined,
  [app = '', second = '', third = '']: readonly string[],
): Promise<void> {
  switch (verb) {
    case 'layers': {
      const { lines, warnings } = await buildpack.chooseLayers(await openSource(app, second))
      for (const warning of warnings) process.stderr.write(renderWarning(warning))
      return console.log(lines.join('\n'))
    }
    case 'compile': {
      const { renderEnvironment: render, name } = buildpack
      const cache = path.join(second, name)
      const build = await openBuild({ app, cache, configVarDirectory: third, ...(render ? { render } : {}) })
      await buildpack.compile(build)
      return tellProcesses(buildpack, app)
    }
    case 'release': {
      const processes = await buildpack.chooseProcesses(await openSource(app, ''))
      const types = Object.fromEntries(processes.map(({ type, command }) => [type, command]))
      return console.log(JSON.stringify({ default_process_types: types }))
    }
    case 'report':
      return console.log(JSON.stringify(await buildpack.report(await openSource(app, third))))
    default:
      throw new Error(`unknown: ${verb}`)
  }
}

/** Said at the end of compile, where it is seen; bin/release may not print anything else. */
async function tellProcesses(buildpack: Buildpack, app: string): Promise<void> {
  if (await isThere(path.join(app, 'Procfile'))) return
  const processes = await buildpack.chooseProcesses(await openSource(app, ''))
  if (!processes.some(({ type }) => type === 'web'))
    printWarning(`Nothing says how to start the app: add ${buildpack.startAdvice}.`)
  for (const { type, command, guessedFrom } of processes)
    if (guessedFrom !== null)
      printWarning(
        `Guessed from ${guessedFrom} how to start ${type === 'web' ? 'the app' : type}: ${command}\nTo be sure, add ${buildpack.startAdvice}.`,
      )
}

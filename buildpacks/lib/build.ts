import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { platformEnvironment } from './config.ts'
import { chooseForBuild } from './config-vars.ts'
import { isThere } from './copy-tree.ts'
import { printHeader } from './output.ts'
import { type ProgramResult, runProgram } from './process.ts'
import { openSource, type Source } from './source.ts'

/** What tools leave in the home folder, which is /app; of no use to a dyno. */
const leftovers = ['.cache', '.config', '.local']

export interface RunOptions {
  /** Over the build's own. */
  readonly environment?: Readonly<Record<string, string>>
  readonly directory?: string
  /** For a program that is asked something: its output is not for the user. */
  readonly isQuiet?: boolean
}

/** The state of one compile. */
export interface Build extends Source {
  /** This buildpack's own folder in CACHE_DIR, which the app's builds share. */
  readonly cache: string
  readonly environment: Readonly<Record<string, string>>
  run(program: string, parameters: readonly string[], options?: RunOptions): Promise<ProgramResult>
}

/** A language's own environment: under the app's config vars, and over them what is not theirs to change. */
export interface LanguageEnvironment {
  readonly under?: Readonly<Record<string, string>>
  readonly over?: Readonly<Record<string, string>>
}

export async function openBuild(options: {
  readonly app: string
  readonly cache: string
  readonly configVarDirectory: string
  readonly render?: (source: Source, cache: string) => LanguageEnvironment | Promise<LanguageEnvironment>
}): Promise<Build> {
  const { app, cache, configVarDirectory, render } = options
  const source = await openSource(app, configVarDirectory)
  await mkdir(cache, { recursive: true })
  const { under = {}, over = {} } = (await render?.(source, cache)) ?? {}
  const environment = {
    ...platformEnvironment,
    CI: 'true',
    ...under,
    ...chooseForBuild(source.configVars),
    XDG_CACHE_HOME: path.join(cache, 'xdg'),
    ...over,
  }
  const run: Build['run'] = (program, parameters, more = {}) =>
    runProgram(program, parameters, {
      directory: more.directory ?? app,
      environment: { ...environment, ...more.environment },
      isQuiet: more.isQuiet ?? false,
    })
  return { ...source, cache, environment, run }
}

/** Runs a program of the app's own that stands at a fixed place, such as bin/post_compile; does nothing without it. */
export async function runHook(
  build: Build,
  file: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramResult | null> {
  if (!(await isThere(path.join(build.app, file)))) return null
  printHeader(`Running ${file}`)
  return build.run('bash', [path.join(build.app, file)], { environment })
}

export async function removeLeftovers({ app, names }: Build, more: readonly string[] = []): Promise<void> {
  for (const name of [...leftovers, ...more])
    if (!names.has(name)) await rm(path.join(app, name), { recursive: true, force: true })
}

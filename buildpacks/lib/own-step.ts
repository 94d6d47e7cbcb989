import { type Build, runHook } from './build.ts'
import { type KnownFailure, recogniseFailure } from './failures.ts'

/** Runs a program of the app's own, `bin/post_compile` say, where there is one; throws BuildError when it fails. */
export async function runOwnStep(
  build: Build,
  file: string,
  known: readonly KnownFailure[],
  { id = 'hook-failed', environment = {} }: { id?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  const result = await runHook(build, file, environment)
  if (!result || result.status === 0) return
  throw recogniseFailure(result, known, {
    id,
    headline: `The app's own ${file} failed with status ${result.status}.`,
    advice: 'Its output above says why.',
  })
}

import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { isThere } from '../lib/copy-tree.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { pythonFailures } from './failures.ts'

/** Where the app's packages are; uv's and many others' own choice, so that tools find it. */
export const venvName = '.venv'

/** Larger ones are programs. */
const maximumScriptBytes = 100_000

export function locateVenv({ app }: Pick<Build, 'app'>): string {
  return path.join(app, venvName)
}

/** What programs find that are to work in the environment. */
export function renderVenvEnvironment(build: Build): Record<string, string> {
  const venv = locateVenv(build)
  return { VIRTUAL_ENV: venv, PATH: `${path.join(venv, 'bin')}:${build.environment.PATH}` }
}

export async function makeVenv(build: Build, target: string, more: readonly string[] = []): Promise<void> {
  await rm(target, { recursive: true, force: true })
  const { status, output } = await build.run('python3', ['-m', 'venv', ...more, target], { isQuiet: true })
  if (status === 0) return
  throw recogniseFailure({ status, output }, pythonFailures, {
    id: 'venv-failed',
    headline: `A virtual environment could not be made: ${output.trim().split('\n').at(-1)}`,
    advice: 'Try another version of Python, in .python-version.',
  })
}

/**
 * Scripts name the interpreter by its place in the build, which is not everywhere the place that they run at. The first Python
 * on a dyno's PATH is the environment's.
 */
export async function freeScripts(venv: string): Promise<void> {
  const bin = path.join(venv, 'bin')
  for (const name of await readdir(bin)) {
    const file = path.join(bin, name)
    if (/^(python|activate|Activate)/.test(name)) continue
    const found = await stat(file)
    if (!found.isFile() || found.size > maximumScriptBytes) continue
    const text = await readFile(file, 'latin1')
    const freed = text.replace(/^#!\S*\/bin\/python[\d.]*[ \t]*$/m, '#!/usr/bin/env python3')
    if (text.startsWith('#!') && freed !== text) await writeFile(file, freed, 'latin1')
  }
}

/** Whether a package is installed, by the folder or module that it is imported from. */
export async function isInstalled({ app }: Pick<Build, 'app'>, name: string): Promise<boolean> {
  const library = path.join(app, venvName, 'lib')
  for (const python of await readdir(library).catch(() => []))
    for (const file of [name, `${name}.py`])
      if (await isThere(path.join(library, python, 'site-packages', file))) return true
  return false
}

import path from 'node:path'
import type { DefaultProcess } from '../lib/buildpack.ts'
import { isThere } from '../lib/copy-tree.ts'
import { printWarning } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'
import { type PackageJson, readPackageJson } from './package-json.ts'

/** What only a shell can do; a script without it is the same command without npm in front. */
const shellSyntax = /[|&;<>()`\n]/

/** The default `web` process: the start script, without a package manager that would stay in memory and swallow signals. */
export async function chooseWebCommand(app: string, manifest: PackageJson): Promise<DefaultProcess | null> {
  const { start, prestart, poststart } = manifest.scripts
  if (start?.trim()) {
    const isPlain = !prestart && !poststart && !shellSyntax.test(start) && !/\bnpm_/.test(start)
    return { type: 'web', command: isPlain ? start.trim() : 'npm start', guessedFrom: null }
  }
  for (const file of ['server.js', manifest.main, 'index.js']) {
    if (!file || !/^[\w./-]+$/.test(file) || !(await isThere(path.join(app, file)))) continue
    return { type: 'web', command: `node ${file}`, guessedFrom: file }
  }
  return null
}

/** A start script that works on its writer's machine only. */
export async function warnOfWebCommand({ app, names }: Source): Promise<void> {
  if (names.has('Procfile')) return
  const manifest = await readPackageJson(app)
  const web = await chooseWebCommand(app, manifest)
  const [first = ''] = web?.command.split(' ') ?? []
  if (first in manifest.devDependencies && !(first in manifest.dependencies))
    printWarning(`The app is started with ${first}, which is a development dependency and so is not there at run time.`)
}

import path from 'node:path'
import { isThere } from '../lib/copy-tree.ts'
import type { PackageJson } from './package-json.ts'

export interface WebCommand {
  readonly command: string
  /** What it was inferred from, when nothing of the app says so. */
  readonly guessedFrom: string | null
}

/** What only a shell can do; a script without it is the same command without npm in front. */
const shellSyntax = /[|&;<>()`\n]/

/** The default `web` process: the start script, without a package manager that would stay in memory and swallow signals. */
export async function chooseWebCommand(app: string, manifest: PackageJson): Promise<WebCommand | null> {
  const { start, prestart, poststart } = manifest.scripts
  if (start?.trim()) {
    const isPlain = !prestart && !poststart && !shellSyntax.test(start) && !/\bnpm_/.test(start)
    return { command: isPlain ? start.trim() : 'npm start', guessedFrom: null }
  }
  for (const file of ['server.js', manifest.main, 'index.js']) {
    if (!file || !/^[\w./-]+$/.test(file) || !(await isThere(path.join(app, file)))) continue
    return { command: `node ${file}`, guessedFrom: file }
  }
  return null
}

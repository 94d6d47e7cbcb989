import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { BuildOutput } from '../build-output.ts'

/** Removes what the .slugignore of a folder names, where it has one. */
export async function applySlugIgnore(directory: string, output: BuildOutput): Promise<void> {
  const rules = await readFile(path.join(directory, '.slugignore'), 'utf8').catch(() => null)
  if (rules === null) return
  const removed = await ignoreFiles(directory, rules)
  if (removed > 0) output.header(`Removed ${removed} files and folders that .slugignore names`)
}

/**
 * Heroku's .slugignore: a glob per line, `#` for comments, a leading slash for the app's own folder, no negation. Returns
 * how many files and folders went.
 */
export async function ignoreFiles(directory: string, rules: string): Promise<number> {
  const patterns = rules
    .split(/\r?\n/)
    .map(parseRule)
    .filter((pattern) => pattern !== null)
  if (patterns.length === 0) return 0
  let removed = 0
  const pending = ['']
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await readdir(path.join(directory, folder), { withFileTypes: true })) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (patterns.some((pattern) => pattern.matches(relative, entry.isDirectory()))) {
        await rm(path.join(directory, relative), { recursive: true, force: true })
        removed += 1
      } else if (entry.isDirectory()) pending.push(relative)
    }
  }
  return removed
}

interface Rule {
  matches(path: string, isFolder: boolean): boolean
}

function parseRule(line: string): Rule | null {
  const text = line.trim()
  if (text === '' || text.startsWith('#') || text.startsWith('!')) return null
  const isFolderOnly = text.endsWith('/')
  const isAnchored = text.startsWith('/')
  const glob = text.replace(/^\/+|\/+$/g, '')
  if (glob === '') return null
  return {
    matches: (relative, isFolder) => {
      if (isFolderOnly && !isFolder) return false
      // Any depth: the pattern may match what is left of the path from each folder on.
      const names = relative.split('/')
      const starts = isAnchored ? [0] : names.keys()
      for (const start of starts) if (path.matchesGlob(names.slice(start).join('/'), glob)) return true
      return false
    },
  }
}

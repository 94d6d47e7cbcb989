import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { app } from 'electron'
import type { ShellEvent } from '../bridge/contract-shell.ts'

/**
 * Takes folders that are opened with Hearth: dropped on its dock icon, or named on the command line of this start or a second
 * one. A folder only ever fills in the deploy form.
 */
export function takeOpenedFolders(tell: (event: ShellEvent) => void, start: readonly string[]): void {
  const take = (path: string) => tell({ kind: 'folder', path })
  app.on('second-instance', (_event, argv, directory) => findFolders(argv, directory).forEach(take))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    if (isFolder(path)) take(path)
  })
  findFolders(start, process.cwd()).forEach(take)
}

/** Before the folders stands the program, and, unless it is packaged, what Electron is to run. */
function findFolders(argv: readonly string[], directory: string): string[] {
  const words = argv.slice(app.isPackaged ? 1 : 2).filter((word) => !word.startsWith('-') && !word.includes('://'))
  return words.map((word) => resolve(directory, word)).filter(isFolder)
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

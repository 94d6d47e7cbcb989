import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Environment } from './environment.ts'

/** Where a program lies that would be started by this name; null when there is none. */
export async function findProgram(
  name: string,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const folders = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter(isAbsolute)
  const endings = platform === 'win32' ? (environment.PATHEXT ?? '.EXE;.CMD').split(';') : ['']
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, name + ending)
      if (await isExecutable(path)) return path
    }
  }
  return null
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { openSource, type Source } from '../../buildpacks/lib/source.ts'

export interface AppFolder {
  /** Another one for each test. */
  readonly path: string
  /** Writes files, those that are no text as JSON; `env/NAME` is the config var NAME. `part` is the folder of it that is the app. */
  write(files: Record<string, string | Buffer | object>, part?: string): Promise<Source>
}

/** A folder for an app in each test of a file, gone after it. */
export function appOfEachTest(): AppFolder {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-app-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  return {
    get path() {
      return folder
    },
    async write(files, part = '') {
      for (const [name, content] of Object.entries(files)) {
        const isText = typeof content === 'string' || Buffer.isBuffer(content)
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
        await writeFile(path.join(folder, name), isText ? content : JSON.stringify(content))
      }
      return openSource(path.join(folder, part), path.join(folder, 'env'), folder)
    },
  }
}

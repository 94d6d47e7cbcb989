import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { platformEnvironment } from './config.ts'
import { readConfigVars } from './config-vars.ts'
import { isThere } from './copy-tree.ts'

/** An app as it was sent, before and after it is built. */
export interface Source {
  /** Its folder. */
  readonly app: string
  /** Where what was deployed begins: the same, or a folder above that has what the app is made of too (PROJECT_PATH). */
  readonly top: string
  /** `debian-12`; `local` where the machine itself is the stack. */
  readonly stack: string
  /** Names in the top folder. */
  readonly names: ReadonlySet<string>
  /** Empty where the platform gives none: in detect and release. */
  readonly configVars: ReadonlyMap<string, string>
  /** The text of a file, without a byte order mark; null when there is none. */
  read(name: string): Promise<string | null>
  /** The same of the nearest such file, in the app's folder or above it up to the top. */
  readNear(name: string): Promise<string | null>
}

export async function openSource(
  app: string,
  configVarDirectory: string,
  top = platformEnvironment.HEARTH_TOP ?? app,
): Promise<Source> {
  const read = (name: string) =>
    readFile(path.join(app, name), 'utf8').then(
      (text) => text.replace(/^\uFEFF/, ''),
      () => null,
    )
  const source = { app, top: app.startsWith(`${top}/`) ? top : app }
  return {
    ...source,
    stack: platformEnvironment.HEARTH_STACK ?? '',
    names: new Set(await readdir(app)),
    configVars: configVarDirectory ? await readConfigVars(configVarDirectory) : new Map(),
    read,
    async readNear(name) {
      const folder = await findNear(source, name)
      return folder === null ? null : read(path.join(folder, name))
    },
  }
}

/** From the app's folder, the nearest up to the top that has a file of such a name: `` for its own, `../..` above it. */
export async function findNear(source: Pick<Source, 'app' | 'top'>, name: string): Promise<string | null> {
  for (const folder of listFoldersUp(source)) if (await isThere(path.join(source.app, folder, name))) return folder
  return null
}

/** The app's own folder, ``, then those above it up to the top: `..`, `../..`. */
export function listFoldersUp({ app, top }: Pick<Source, 'app' | 'top'>): string[] {
  const depth = path.relative(top, app).split('/').filter(Boolean).length
  return Array.from({ length: depth + 1 }, (_, index) => Array(index).fill('..').join('/'))
}

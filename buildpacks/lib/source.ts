import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { platformEnvironment } from './config.ts'
import { readConfigVars } from './config-vars.ts'

/** An app as it was sent, before and after it is built. */
export interface Source {
  /** Its folder. */
  readonly app: string
  /** `debian-12`; `local` where the machine itself is the stack. */
  readonly stack: string
  /** Names in the top folder. */
  readonly names: ReadonlySet<string>
  /** Empty where the platform gives none: in detect and release. */
  readonly configVars: ReadonlyMap<string, string>
  /** The text of a file, without a byte order mark; null when there is none. */
  read(name: string): Promise<string | null>
}

export async function openSource(app: string, configVarDirectory: string): Promise<Source> {
  return {
    app,
    stack: platformEnvironment.HEARTH_STACK ?? '',
    names: new Set(await readdir(app)),
    configVars: configVarDirectory ? await readConfigVars(configVarDirectory) : new Map(),
    read: (name) =>
      readFile(path.join(app, name), 'utf8').then(
        (text) => text.replace(/^\uFEFF/, ''),
        () => null,
      ),
  }
}

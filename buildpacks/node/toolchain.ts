import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isThere } from '../lib/copy-tree.ts'
import type { PackageJson } from './package-json.ts'
import type { PackageManager } from './package-manager.ts'

/** npm and pnpm mark what runs a script when it is installed; in Yarn's lock only the usual companions give it away. */
const nativeInLock =
  /"hasInstallScript": true|requiresBuild: true|node-gyp|node-addon-api|prebuild-install|node-pre-gyp|\bbindings@|\bnan@/
const nativeInScript = /\b(node-gyp|make|cmake|gcc|g\+\+|python3?)\b/

/** Whether compilers may be called. They are 280 MB, so that servers which never need them never get them. */
export async function needsToolchain(app: string, manifest: PackageJson, manager: PackageManager): Promise<boolean> {
  if (await isThere(path.join(app, 'binding.gyp'))) return true
  if (Object.values(manifest.scripts).some((script) => nativeInScript.test(script))) return true
  // Without a lock file nobody knows what will come.
  if (manager.lockFile === null) return Object.keys(manifest.dependencies).length > 0
  return nativeInLock.test(await readFile(path.join(app, manager.lockFile), 'utf8'))
}

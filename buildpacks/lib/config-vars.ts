import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** Meant for dynos; in a build they would break the tools. The list is the one of the classic buildpacks. */
const denied = new Set([
  'PATH',
  'GIT_DIR',
  'CPATH',
  'CPPATH',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'LIBRARY_PATH',
  'LANG',
  'HOME',
  'BUILD_DIR',
  'CACHE_DIR',
  'ENV_DIR',
  // It makes npm keep development dependencies although it is told to leave them out; the buildpack reads it itself.
  'NPM_CONFIG_PRODUCTION',
  'npm_config_production',
  // For the heap of a dyno, which is not that of a compiler.
  'JAVA_OPTS',
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
])

/** The app's config vars from ENV_DIR, a file each. */
export async function readConfigVars(directory: string): Promise<Map<string, string>> {
  const vars = new Map<string, string>()
  for (const name of await readdir(directory).catch(() => []))
    vars.set(name, await readFile(path.join(directory, name), 'utf8'))
  return vars
}

export function chooseForBuild(vars: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...vars].filter(([name]) => !denied.has(name) && !name.startsWith('HEARTH_')))
}

import path from 'node:path'
import { BuildError } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'

/** What the buildpack reads of go.mod and go.work; anything else in them is Go's business. */
export interface GoModules {
  /** `example.com/greeter`; null for a workspace without a module at its top. */
  readonly module: string | null
  /** The line `go 1.24` of go.work, which counts for all of its modules, or of go.mod. */
  readonly goLine: string | null
  readonly toolchainLine: string | null
  /** `// +heroku goVersion go1.24` */
  readonly herokuVersion: string | null
  /** `// +heroku install ./cmd/...`: what to build. */
  readonly herokuInstall: readonly string[]
  /** Folders of a workspace's modules; the app's own where it is one of them, or where there is none. */
  readonly folders: readonly string[]
}

export async function readModules(source: Source): Promise<GoModules> {
  const [mod, own] = [(await source.read('go.mod')) ?? '', await source.read('go.work')]
  const work = await source.readNear('go.work')
  const find = (text: string, pattern: RegExp) => pattern.exec(text)?.[1]?.trim() ?? null
  const line = (pattern: RegExp) => find(work ?? '', pattern) ?? find(mod, pattern)
  return {
    module: find(mod, /^module\s+"?([^\s"]+)/m),
    goLine: line(/^go\s+(\S+)/m),
    toolchainLine: line(/^toolchain\s+go(\S+)/m),
    herokuVersion: line(/^\/\/\s*\+heroku\s+goVersion\s+(?:go)?(\S+)/m),
    herokuInstall: line(/^\/\/\s*\+heroku\s+install\s+(.+)$/m)?.split(/\s+/) ?? [],
    folders: own === null ? ['.'] : findFolders(own),
  }
}

/** `use ./api` and `use (\n ./api\n ./worker // comment\n)`. */
function findFolders(work: string): string[] {
  const blocks = [...work.matchAll(/^use\s*\(([^)]*)\)/gm)].flatMap(([, block = '']) => block.split('\n'))
  const lines = [...work.matchAll(/^use\s+([^(\s].*)$/gm)].map(([, folder = '']) => folder)
  const folders = [...blocks, ...lines].map((one) =>
    one
      .replace(/\/\/.*/, '')
      .trim()
      .replace(/^"(.*)"$/, '$1'),
  )
  const outside = folders.find((folder) => path.isAbsolute(folder) || path.normalize(folder).startsWith('..'))
  if (outside)
    throw new BuildError(
      'go-work-outside',
      `go.work uses ${outside}, which is outside of the app.`,
      'Deploy the folder that has all modules of the workspace, or take the line out of go.work.',
    )
  return folders.filter(Boolean)
}

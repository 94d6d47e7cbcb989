import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { BuildError } from '../lib/output.ts'

/** What the buildpack reads of package.json; anything else in it is the app's business. */
export interface PackageJson {
  readonly engines: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
  readonly main: string | null
  readonly packageManager: string | null
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly cacheDirectories: readonly string[]
  readonly hasWorkspaces: boolean
}

export async function readPackageJson(app: string): Promise<PackageJson> {
  const text = await readFile(path.join(app, 'package.json'), 'utf8')
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>
  } catch (cause) {
    throw new BuildError(
      'invalid-package-json',
      `package.json is not valid JSON: ${(cause as Error).message}`,
      'Correct the file; `npm pkg get` shows whether it can be read.',
    )
  }
  const cacheDirectories = value.cacheDirectories ?? value.cache_directories
  return {
    engines: readStrings(value.engines),
    scripts: readStrings(value.scripts),
    main: typeof value.main === 'string' ? value.main : null,
    packageManager: typeof value.packageManager === 'string' ? value.packageManager : null,
    dependencies: readStrings(value.dependencies),
    devDependencies: readStrings(value.devDependencies),
    cacheDirectories: Array.isArray(cacheDirectories) ? cacheDirectories.filter(isInside) : [],
    hasWorkspaces: value.workspaces !== undefined,
  }
}

function isInside(directory: unknown): directory is string {
  return typeof directory === 'string' && !path.isAbsolute(directory) && !directory.split('/').includes('..')
}

function readStrings(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

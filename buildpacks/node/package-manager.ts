import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { BuildError } from '../lib/output.ts'
import type { PackageJson } from './package-json.ts'

export type PackageManager =
  | { readonly name: 'npm'; readonly lockFile: string | null }
  | { readonly name: 'yarn'; readonly lockFile: string; readonly isClassic: boolean }
  | { readonly name: 'pnpm'; readonly lockFile: string; readonly lockVersion: string }

/** Whose lock file it is. */
export const lockFiles = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'yarn.lock': 'yarn',
  'pnpm-lock.yaml': 'pnpm',
} as const

/** By the lock file; two that disagree would give two different sets of dependencies, so that is refused. */
export async function choosePackageManager(app: string, manifest: PackageJson): Promise<PackageManager> {
  const present = new Set(await readdir(app))
  const found = Object.entries(lockFiles).filter(([file]) => present.has(file))
  const names = [...new Set(found.map(([, name]) => name))]
  if (names.length > 1) throw describeConflict(found.map(([file]) => file))
  const [lockFile] = found.at(-1) ?? []
  const name = names[0] ?? 'npm'
  const [, wanted] = /^(npm|yarn|pnpm)@/.exec(manifest.packageManager ?? '') ?? []
  if (wanted && lockFile && wanted !== name)
    throw new BuildError(
      'package-manager-conflict',
      `package.json asks for ${manifest.packageManager}, but the app has ${lockFile}, which is ${name}'s.`,
      `Remove ${lockFile} and make ${wanted}'s own lock file, or change "packageManager" in package.json.`,
    )
  if (!lockFile) return { name: 'npm', lockFile: null }
  if (name === 'npm') return { name, lockFile }
  const text = await readFile(path.join(app, lockFile), 'utf8')
  if (name === 'pnpm') return { name, lockFile, lockVersion: /^lockfileVersion:\s*['"]?(\d+)/m.exec(text)?.[1] ?? '' }
  return { name, lockFile, isClassic: !present.has('.yarnrc.yml') && !/^__metadata:/m.test(text) }
}

function describeConflict(files: readonly string[]): BuildError {
  return new BuildError(
    'multiple-lock-files',
    `The app has several lock files: ${files.join(' and ')}.`,
    `Each belongs to another package manager, and they may name different versions.\nKeep the one that you use and remove the others:\n  git rm ${files.at(-1)}`,
  )
}

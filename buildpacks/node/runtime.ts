import {
  formatRange,
  intersectRanges,
  isSubrange,
  parseRange,
  type VersionRange,
} from '../../agent/core/builds/version-range.ts'
import { BuildError } from '../lib/output.ts'
import type { PackageJson } from './package-json.ts'
import type { PackageManager } from './package-manager.ts'

/** The line that apps without a wish get, and the newest that a wide range gets: the active long-term one. */
const longTermMajor = 24

const advice = 'Write a version or a range of versions into package.json, for example:\n  "engines": { "node": "24.x" }'

/** The layers that an app needs, as lines of bin/layers. */
export function chooseRuntime(
  manifest: PackageJson,
  manager: PackageManager,
  allowsWideRange: boolean,
): { lines: string[]; warnings: string[] } {
  const warnings: string[] = []
  const node = chooseNode(manifest, allowsWideRange, warnings)
  return { lines: [`node ${node}`, ...chooseTool(manifest, manager)], warnings }
}

function chooseNode(manifest: PackageJson, allowsWideRange: boolean, warnings: string[]): string {
  const wanted = manifest.engines.node?.trim() ?? ''
  if (wanted === '' || wanted === 'lts/*') {
    warnings.push(`package.json names no version of Node.js: using ${longTermMajor}.x.\n${advice}`)
    return `${longTermMajor}.x`
  }
  if (wanted === 'latest' || wanted === 'node') return '*'
  const range = requireRange('node', wanted)
  const capped = intersectRanges(range, requireRange('node', `<${longTermMajor + 1}`))
  // A range that reaches beyond the long-term line would jump to a new major version some day, without a change of the app.
  if (allowsWideRange || capped.length === 0 || isSubrange(range, capped)) return wanted
  return formatRange(capped)
}

function chooseTool(manifest: PackageJson, manager: PackageManager): string[] {
  const [, named, exact] = /^(npm|yarn|pnpm)@(\d+\.\d+\.\d+)/.exec(manifest.packageManager ?? '') ?? []
  const pinned = named === manager.name ? exact : undefined
  const wanted = pinned ?? manifest.engines[manager.name]?.trim()
  if (wanted) requireRange(manager.name, wanted)
  switch (manager.name) {
    case 'npm':
      // Node's own npm will do where the wish is as wide as its line.
      return wanted && !isSubrange(requireRange('npm', '11'), requireRange('npm', wanted)) ? [`npm ${wanted}`] : []
    case 'yarn':
      return [`yarn ${wanted ?? (manager.isClassic ? '1.22.x' : '4.x')}`]
    case 'pnpm':
      return [`pnpm ${wanted ?? pnpmOfLock(manager.lockVersion)}`]
  }
}

/** Each format of the lock file came with a version of pnpm; a newer pnpm would rewrite it. */
function pnpmOfLock(lockVersion: string): string {
  if (lockVersion === '5') return '7.x'
  return lockVersion === '6' ? '8.x' : '10.x'
}

function requireRange(engine: string, text: string): VersionRange {
  const range = parseRange(text)
  if (range && range.length > 0) return range
  throw new BuildError(
    'invalid-engines',
    `"${text}" in package.json's engines.${engine} is not a range of versions.`,
    advice,
  )
}

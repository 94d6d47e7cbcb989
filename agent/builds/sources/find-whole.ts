import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { readResult } from '../build-place.ts'

/** How the parts of a whole are told: a file of theirs, and one in a folder above them that has them build as one. */
interface WholeKind {
  readonly part: RegExp
  readonly above: Readonly<Record<string, RegExp>>
  /** Of a part that is a whole itself. */
  readonly alone?: RegExp
}

const kinds: readonly WholeKind[] = [
  {
    part: /^package\.json$/,
    above: { 'package.json': /"workspaces"\s*:/, 'pnpm-workspace.yaml': /^/ },
    alone: /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$/,
  },
  { part: /^go\.mod$/, above: { 'go.work': /^/ }, alone: /^go\.work$/ },
  {
    part: /^pyproject\.toml$/,
    above: { 'pyproject.toml': /^\s*\[tool\.uv\.workspace\]/m },
    alone: /^(uv\.lock|poetry\.lock|requirements\.txt)$/,
  },
  { part: /^pom\.xml$/, above: { 'pom.xml': /<module>/ } },
  {
    part: /^build\.gradle(\.kts)?$/,
    above: { 'settings.gradle': /^/, 'settings.gradle.kts': /^/ },
    alone: /^settings\.gradle(\.kts)?$/,
  },
]

/** Files in which an app names what it is made of. */
const manifests =
  /^(package|tsconfig|composer)\.json$|^(requirements.*\.txt|pyproject\.toml|Pipfile|Gemfile|go\.(mod|work)|pom\.xml|deps\.edn|project\.clj|build\.sbt|(build|settings)\.gradle(\.kts)?)$/
/** `../shared`, at the beginning of a word. */
const leadsOut = /(?:^|["'\s=:@(>])(\.\.(?:\/[\w./-]*)?)(?=$|["'\s),<])/m

/**
 * Why an app can't be built without what lies around its folder: `go.work above it holds them together`, `its go.mod names ../shared`. Null for one that
 * stands alone.
 */
export async function findWhole(top: string, folder: string): Promise<string | null> {
  const names = await readdir(path.join(top, folder))
  const kind = kinds.find(
    ({ part, alone }) => names.some((name) => part.test(name)) && !names.some((name) => alone?.test(name)),
  )
  for (let above = folder; kind && above !== '.'; ) {
    above = path.dirname(above)
    for (const [name, pattern] of Object.entries(kind.above)) {
      const text = await readResult(path.join(top, above), name)
      if (text !== null && pattern.test(text)) return `${path.join(above, name)} above it holds them together`
    }
  }
  for (const name of names.filter((one) => manifests.test(one))) {
    const [, out] = leadsOut.exec((await readResult(path.join(top, folder), name)) ?? '') ?? []
    if (out !== undefined) return `its ${name} names ${out}`
  }
  return null
}

import type { SlugFiles } from '../../../agent/contract/releases/slug-files.ts'
import { compareFiles, type FileDifference } from './file-difference.ts'

/** What is known here of one release's parts. */
export interface ReleaseParts {
  readonly version: number
  /** Before the first deploy there is none. */
  readonly hasCode: boolean
  readonly commit: string | null
  readonly slugChecksum: string | null
  readonly addOns: string[] | null
  /** Null where they can't be read: another role, a server that is away and no copy. */
  readonly configVars: Readonly<Record<string, string>> | null
  /** What the server tells of its code; null while it is away, or when it has removed the slug. */
  readonly code: ReleaseCode | null
  /** From the ledger's copy or the server; null when neither has it. */
  readonly files: SlugFiles | null
}

export interface ReleaseCode {
  readonly stack: string
  /** Of the compressed archive. */
  readonly sizeBytes: number | null
  /** Null for a slug that no build of this server made. */
  readonly buildpacks: string[] | null
  readonly processTypes: Readonly<Record<string, string>>
}

/** How many dynos a process type has now. */
export interface ScaledType {
  readonly type: string
  readonly quantity: number
}

export interface NameDifference {
  readonly added: string[]
  readonly removed: string[]
  readonly changed: string[]
  readonly same: string[]
}

/** One fact of both; null where it is not known or there is none. */
export interface FactPair<T> {
  readonly from: T | null
  readonly to: T | null
}

export interface ProcessTypeDifference extends FactPair<string> {
  readonly type: string
  /** Dynos that it has now; null while the server is away. */
  readonly quantity: number | null
}

/** Two releases side by side: names of config vars, never their values. */
export interface ReleaseDifference {
  readonly from: number
  readonly to: number
  /** Null where the config vars of either can't be read here. */
  readonly configVars: NameDifference | null
  /** Null where it is not known. */
  readonly isSameCode: boolean | null
  readonly commit: FactPair<string>
  readonly slugChecksum: FactPair<string>
  readonly stack: FactPair<string>
  readonly sizeBytes: FactPair<number>
  readonly buildpacks: FactPair<string[]>
  readonly addOns: FactPair<string[]>
  /** Null where it is not known of both. */
  readonly processTypes: ProcessTypeDifference[] | null
  /** Null where it is not known of both, and for a release without code. */
  readonly files: FileDifference | null
}

export function compareReleases(
  from: ReleaseParts,
  to: ReleaseParts,
  formation: readonly ScaledType[] | null,
): ReleaseDifference {
  return {
    from: from.version,
    to: to.version,
    configVars: from.configVars && to.configVars && compareNames(from.configVars, to.configVars),
    isSameCode: isSameCode(from, to),
    ...pair('commit', from.commit, to.commit),
    ...pair('slugChecksum', from.slugChecksum, to.slugChecksum),
    ...pair('stack', from.code?.stack, to.code?.stack),
    ...pair('sizeBytes', from.code?.sizeBytes, to.code?.sizeBytes),
    ...pair('buildpacks', from.code?.buildpacks, to.code?.buildpacks),
    ...pair('addOns', from.addOns, to.addOns),
    processTypes: compareTypes(from, to, formation),
    files: from.files && to.files && compareFiles(from.files, to.files),
  }
}

export interface ConfigVarChange extends FactPair<string> {
  readonly name: string
}

/** What came, went or changed, with its values: only for whoever asks to see them. */
export function compareValues(
  from: Readonly<Record<string, string>>,
  to: Readonly<Record<string, string>>,
): ConfigVarChange[] {
  const { added, removed, changed } = compareNames(from, to)
  return [...added, ...removed, ...changed]
    .sort()
    .map((name) => ({ name, from: from[name] ?? null, to: to[name] ?? null }))
}

function compareNames(from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>): NameDifference {
  const before = new Map(Object.entries(from))
  const after = new Map(Object.entries(to))
  const kept = [...before.keys()].filter((name) => after.has(name)).sort()
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).sort(),
    removed: [...before.keys()].filter((name) => !after.has(name)).sort(),
    changed: kept.filter((name) => before.get(name) !== after.get(name)),
    same: kept.filter((name) => before.get(name) === after.get(name)),
  }
}

function isSameCode(from: ReleaseParts, to: ReleaseParts): boolean | null {
  if (from.hasCode !== to.hasCode) return false
  if (!from.hasCode) return true
  return from.slugChecksum === null || to.slugChecksum === null ? null : from.slugChecksum === to.slugChecksum
}

function pair<Name extends string, T>(name: Name, from: T | null | undefined, to: T | null | undefined) {
  return { [name]: { from: from ?? null, to: to ?? null } } as Record<Name, FactPair<T>>
}

/** All of both, so that what stays can be told from what is not known. A release without code has none. */
function compareTypes(from: ReleaseParts, to: ReleaseParts, formation: readonly ScaledType[] | null) {
  const before = typesOf(from)
  const after = typesOf(to)
  if (!before || !after) return null
  const types = [...new Set([...before.keys(), ...after.keys()])]
  types.sort((a, b) => Number(b === 'web') - Number(a === 'web') || (a < b ? -1 : 1))
  return types.map((type) => ({
    type,
    from: before.get(type) ?? null,
    to: after.get(type) ?? null,
    quantity: formation && (formation.find((scaled) => scaled.type === type)?.quantity ?? 0),
  }))
}

function typesOf({ code, hasCode }: ReleaseParts): Map<string, string> | null {
  if (code) return new Map(Object.entries(code.processTypes))
  return hasCode ? null : new Map()
}

import type { ReleaseDifference } from '../../../electron/bridge/contract.ts'
import { countOf, formatBytes } from '../format.ts'

/** One thing in which two releases differ; null where that side has none of it. */
export interface DifferenceRow {
  readonly kind: 'code' | 'process type' | 'config var'
  readonly name: string
  readonly from: string | null
  readonly to: string | null
  /** What follows for what runs now. */
  readonly note?: string
}

export interface DifferenceText {
  readonly rows: DifferenceRow[]
  /** What is the same in both, as the end of a sentence; empty when nothing is known to be. */
  readonly same: string
  /** What can't be told here. */
  readonly unknown: string
}

/** A difference as it is read: rows of what differs, and in a word what stays and what is not known. */
export function describeDifference(difference: ReleaseDifference): DifferenceText {
  const { configVars, processTypes, isSameCode, files } = difference
  const rows = [...codeRows(difference), ...typeRows(difference), ...configVarRows(difference)]
  const isSameTypes = processTypes?.length && processTypes.every(({ from, to }) => from === to)
  const same = [
    isSameCode && difference.slugChecksum.to !== null && 'code',
    isSameTypes && countOf(processTypes.length, 'process type'),
    configVars?.same.length && countOf(configVars.same.length, 'config var'),
  ]
  const hasFiles = difference.slugChecksum.from !== null && difference.slugChecksum.to !== null
  const unknownCode = isSameCode === null ? 'code' : !isSameCode && hasFiles && !files && 'files'
  const unknown = [unknownCode, !processTypes && 'process types', !configVars && 'config vars']
  return { rows, same: listed(same), unknown: listed(unknown) }
}

function codeRows(difference: ReleaseDifference): DifferenceRow[] {
  const { commit, slugChecksum, sizeBytes, stack, buildpacks, addOns } = difference
  const shortCode = (side: 'from' | 'to') =>
    commit[side]?.slice(0, 10) ?? slugChecksum[side]?.slice(-64).slice(0, 10) ?? null
  const pairs: [string, { from: string | null; to: string | null }][] = [
    [
      'Code',
      difference.isSameCode === false ? { from: shortCode('from'), to: shortCode('to') } : { from: null, to: null },
    ],
    ['Slug size', { from: textOf(sizeBytes.from, formatBytes), to: textOf(sizeBytes.to, formatBytes) }],
    ['Stack', stack],
    ['Buildpacks', { from: textOf(buildpacks.from, listed), to: textOf(buildpacks.to, listed) }],
    ['Add-ons', { from: textOf(addOns.from, listed), to: textOf(addOns.to, listed) }],
  ]
  // A fact that is known of one side only says nothing, except of code: that can be missing.
  return pairs.flatMap(([name, { from, to }]) =>
    from === to || (name !== 'Code' && (from === null || to === null)) ? [] : [{ kind: 'code', name, from, to }],
  )
}

function typeRows({ processTypes }: ReleaseDifference): DifferenceRow[] {
  const changed = (processTypes ?? []).filter(({ from, to }) => from !== to)
  return changed.map(({ type, from, to, quantity }) => ({
    ...{ kind: 'process type', name: type, from, to },
    ...(to === null && quantity
      ? { note: `its ${countOf(quantity, 'dyno')} ${quantity === 1 ? 'stops' : 'stop'}` }
      : {}),
  }))
}

function configVarRows({ configVars }: ReleaseDifference): DifferenceRow[] {
  const { added = [], removed = [], changed = [] } = configVars ?? {}
  const row = (name: string, from: string | null, to: string | null): DifferenceRow => ({
    ...{ kind: 'config var', name, from, to },
  })
  return [
    ...added.map((name) => row(name, null, 'set')),
    ...removed.map((name) => row(name, 'set', null)),
    ...changed.map((name) => row(name, 'set', 'another value')),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function textOf<T>(value: T | null, format: (value: T) => string): string | null {
  return value === null ? null : format(value) || 'none'
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly (string | false | null | undefined | 0)[]): string {
  const said = names.filter((name): name is string => Boolean(name))
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`
}

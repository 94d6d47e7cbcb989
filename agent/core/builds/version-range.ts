/**
 * Ranges of released versions as npm writes them: `24.x`, `^1.2`, `>=18 <21 || 22.1.0`, `1.2 - 2`. Every such range is a
 * union of half-open intervals of number triples, which makes intersection simple. Prereleases are not supported: no
 * runtime is installed from one.
 */
export type Version = readonly [major: number, minor: number, patch: number]

interface Interval {
  readonly low: Version
  /** Exclusive. */
  readonly high: Version
}

export type VersionRange = readonly Interval[]

const zero: Version = [0, 0, 0]
const infinity: Version = [Infinity, 0, 0]
const number = String.raw`(\d+|[xX*])`
const partial = String.raw`[v=]*\s*${number}(?:\.${number})?(?:\.${number})?(?:\+[\w.-]+)?`
const comparatorPattern = new RegExp(String.raw`^(\^|~>?|>=|<=|>|<|=)?\s*${partial}$`)
const hyphenPattern = new RegExp(String.raw`^\s*(${partial})\s+-\s+(${partial})\s*$`)

export function parseVersion(text: string): Version | null {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text)
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null
}

export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || 0
}

/** Null when the text is not a range. The empty text is every version. */
export function parseRange(text: string): VersionRange | null {
  const union: Interval[] = []
  for (const part of text.split('||')) {
    const interval = parseIntersection(part.trim())
    if (!interval) return null
    if (compareVersions(interval.low, interval.high) < 0) union.push(interval)
  }
  return union
}

export function includesVersion(range: VersionRange, version: Version): boolean {
  return range.some(({ low, high }) => compareVersions(low, version) <= 0 && compareVersions(version, high) < 0)
}

export function intersectRanges(a: VersionRange, b: VersionRange): VersionRange {
  return a.flatMap((left) => b.map((right) => intersect(left, right)).filter((both) => !isEmpty(both)))
}

/** Whether each version of `inner` is one of `outer`; true only when one interval of `outer` holds all of it. */
export function isSubrange(inner: VersionRange, outer: VersionRange): boolean {
  return inner.every(({ low, high }) =>
    outer.some((o) => compareVersions(o.low, low) <= 0 && compareVersions(high, o.high) <= 0),
  )
}

export function formatRange(range: VersionRange): string {
  const bound = (version: Version) => version.join('.')
  const one = ({ low, high }: Interval) =>
    high[0] === Infinity ? `>=${bound(low)}` : `>=${bound(low)} <${bound(high)}`
  return range.map(one).join(' || ')
}

/** The newest of `versions` that the range includes; what is not a released version is passed over. */
export function chooseNewest(versions: Iterable<string>, range: VersionRange): string | null {
  let best: { text: string; version: Version } | null = null
  for (const text of versions) {
    const version = parseVersion(text)
    if (!version || !includesVersion(range, version)) continue
    if (!best || compareVersions(best.version, version) < 0) best = { text, version }
  }
  return best?.text ?? null
}

function isEmpty({ low, high }: Interval): boolean {
  return compareVersions(low, high) >= 0
}

function intersect(a: Interval, b: Interval): Interval {
  return {
    low: compareVersions(a.low, b.low) > 0 ? a.low : b.low,
    high: compareVersions(a.high, b.high) < 0 ? a.high : b.high,
  }
}

function parseIntersection(text: string): Interval | null {
  const hyphen = hyphenPattern.exec(text)
  const comparators = hyphen
    ? [`>=${hyphen[1]}`, `<=${hyphen[5]}`]
    : text
        .replace(/([\^~><=v]+)\s+/g, '$1')
        .split(/[\s,]+/)
        .filter(Boolean)
  let result: Interval = { low: zero, high: infinity }
  for (const comparator of comparators) {
    const interval = parseComparator(comparator)
    if (!interval) return null
    result = intersect(result, interval)
  }
  return result
}

function parseComparator(text: string): Interval | null {
  const match = comparatorPattern.exec(text)
  if (!match) return null
  const [, operator = '', ...texts] = match
  const parts: number[] = []
  for (const part of texts) {
    if (part === undefined || /^[xX*]$/.test(part)) break
    parts.push(Number(part))
  }
  const low: Version = [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0]
  // The first version after all that the partial one stands for: 1.2 -> 1.3.0, 1.2.3 -> 1.2.4, * -> none.
  const after = parts.length === 0 ? infinity : increment(low, parts.length - 1)
  switch (operator.charAt(0)) {
    case '>':
      return operator === '>=' ? { low, high: infinity } : { low: after, high: infinity }
    case '<':
      return operator === '<=' ? { low: zero, high: after } : { low: zero, high: low }
    case '^':
      return { low, high: parts.length === 0 ? infinity : increment(low, caretPlace(parts)) }
    case '~':
      return { low, high: parts.length === 0 ? infinity : increment(low, Math.min(parts.length - 1, 1)) }
    default:
      return { low, high: after }
  }
}

/** `^` keeps the first number that is not zero: ^1.2.3 <2, ^0.2.3 <0.3, ^0.0.3 <0.0.4, ^0.0 <0.1. */
function caretPlace(parts: readonly number[]): number {
  const place = parts.findIndex((part) => part !== 0)
  return place === -1 ? parts.length - 1 : place
}

function increment([major, minor, patch]: Version, place: number): Version {
  if (place === 0) return [major + 1, 0, 0]
  return place === 1 ? [major, minor + 1, 0] : [major, minor, patch + 1]
}

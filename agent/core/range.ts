/** Heroku's page when the request says nothing, and the most that it may ask for. */
const defaultMaximum = 200
const largestMaximum = 1000

/** What one `Range` header asks for; a bound is null where the range is open. */
export interface Range {
  readonly field: string
  readonly start: Bound | null
  readonly end: Bound | null
  readonly maximum: number
  readonly isDescending: boolean
}

export interface Bound {
  readonly value: string
  readonly isIncluded: boolean
}

type Key = number | string

/** `version ]12..20; order=desc, max=15` */
const pattern = /^\s*(\w+)\s+([[\]]?)([^\s;,[\]]*?)\.\.([^\s;,[\]]*)([[\]]?)\s*(?:[;,](.*))?$/

/**
 * Heroku's paging of lists. The options stand in any order behind `,` or `;`; `]` before the first bound leaves it out, as
 * `[` behind the last one does. Null for what can't be understood, or names a field that is not among `fields`.
 * Source: https://devcenter.heroku.com/articles/platform-api-reference#ranges
 */
export function parseRange(header: string, fields: readonly string[]): Range | null {
  const [, field = '', opening, start = '', end = '', closing, options = ''] = pattern.exec(header) ?? []
  if (!fields.includes(field)) return null
  const maximum = Number(/(?:^|[;,\s])max=(\d{1,9})\b/.exec(options)?.[1] ?? defaultMaximum)
  return {
    field,
    start: start === '' ? null : { value: start, isIncluded: opening !== ']' },
    end: end === '' ? null : { value: end, isIncluded: closing !== '[' },
    maximum: Math.min(Math.max(maximum, 1), largestMaximum),
    isDescending: /(?:^|[;,\s])order=desc\b/.test(options),
  }
}

/** The range of a request that names none: the first page of the list as it is. */
export function openRange(field: string): Range {
  return { field, start: null, end: null, maximum: defaultMaximum, isDescending: false }
}

/** The items inside the range's bounds, in its order. */
export function sortAndCut<Item>(items: readonly Item[], range: Range): Item[] {
  const { field, start, end, isDescending } = range
  const direction = isDescending ? -1 : 1
  const isBehind = (item: Item, bound: Bound | null, side: 1 | -1): boolean => {
    if (bound === null) return true
    const key = keyOf(item, field)
    const order = compare(key, typeof key === 'number' ? Number(bound.value) : bound.value) * direction * side
    return order > 0 || (order === 0 && bound.isIncluded)
  }
  return items
    .filter((item) => isBehind(item, start, 1) && isBehind(item, end, -1))
    .sort((a, b) => compare(keyOf(a, field), keyOf(b, field)) * direction)
}

/**
 * How many of the sorted items make a page. Those that share its last key belong to it, since the next page begins behind
 * that key.
 */
export function pageLength(items: readonly unknown[], { field, maximum }: Range): number {
  if (items.length <= maximum) return items.length
  const last = keyOf(items[maximum - 1], field)
  let length = maximum
  while (length < items.length && keyOf(items[length], field) === last) length += 1
  return length
}

/**
 * The rows that the range's page is made of, and one more, which tells that there is more: what is looked up for each row
 * need not be looked up for the others. Fields are named as the API names them.
 */
export function selectRows<Row>(rows: readonly Row[], range: Range | undefined): readonly Row[] {
  if (!range) return rows
  const own = { ...range, field: range.field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) }
  const sorted = sortAndCut(rows, own)
  return sorted.slice(0, pageLength(sorted, own) + 1)
}

export function keyOf(item: unknown, field: string): Key {
  const value = (item as Record<string, unknown>)[field]
  return typeof value === 'number' || typeof value === 'string' ? value : ''
}

function compare(left: Key, right: Key): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

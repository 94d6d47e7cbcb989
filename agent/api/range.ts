import { keyOf, openRange, pageLength, parseRange, type Range, sortAndCut } from '../core/range.ts'

export interface Page {
  readonly items: readonly unknown[]
  /** 206 when there is more. */
  readonly status: 200 | 206
  readonly headers: Readonly<Record<string, string>>
}

/** What a request for a list asks for; undefined when the list is always sent whole. */
export function readRange(header: string | undefined, fields: readonly string[]): Range | undefined {
  const [naturalField] = fields
  return naturalField === undefined ? undefined : (parseRange(header ?? '', fields) ?? openRange(naturalField))
}

/**
 * One page of a list. What is left is named by `Next-Range`, which a client sends back as it is; the first element of
 * `order=desc` is the newest. A range that can't be understood is ignored, as HTTP allows; so is one of a field that the
 * list does not offer. `fields` are those that it offers; its items come in the order of the first.
 */
export function selectPage(items: readonly unknown[], header: string | undefined, fields: readonly string[]): Page {
  const range = readRange(header, fields)
  if (!range) return { items, status: 200, headers: {} }
  const isNamed = parseRange(header ?? '', fields) !== null
  const inside = isNamed ? sortAndCut(items, range) : items
  const length = pageLength(inside, range)
  const page = inside.slice(0, length)
  const hasMore = length < inside.length
  return {
    items: page,
    status: hasMore ? 206 : 200,
    headers: { 'accept-ranges': fields.join(', '), ...describePage(page, range, hasMore) },
  }
}

function describePage(page: readonly unknown[], range: Range, hasMore: boolean): Record<string, string> {
  const { field, maximum, isDescending, end } = range
  if (page.length === 0) return {}
  const [first, last] = [keyOf(page[0], field), keyOf(page.at(-1), field)]
  const until = end === null ? '' : `${end.value}${end.isIncluded ? '' : '['}`
  const order = isDescending ? ', order=desc' : ''
  return {
    'content-range': `${field} ${first}..${last}`,
    ...(hasMore ? { 'next-range': `${field} ]${last}..${until}; max=${maximum}${order}` } : {}),
  }
}

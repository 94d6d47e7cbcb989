/**
 * Heroku's paging of lists: `Range: version ..; max=15, order=desc` (separators vary between the client's versions).
 * Lists come in ascending order; the stock client takes the first element of `order=desc` as the newest. An
 * unsupported range is ignored, as HTTP allows.
 */
export function selectRange(result: unknown, range: string | undefined): unknown {
  if (!range || !Array.isArray(result)) return result
  const field = /^\s*(\w+)/.exec(range)?.[1]
  const maximum = Number(/\bmax=(\d+)/.exec(range)?.[1] ?? Number.POSITIVE_INFINITY)
  const sorted = field ? [...result].sort(compareBy(field)) : [...result]
  if (/\border=desc\b/.test(range)) sorted.reverse()
  return sorted.slice(0, maximum)
}

function compareBy(field: string): (a: unknown, b: unknown) => number {
  return (a, b) => {
    const [left, right] = [keyOf(a, field), keyOf(b, field)]
    if (left === right) return 0
    return left < right ? -1 : 1
  }
}

function keyOf(item: unknown, field: string): number | string {
  const value = (item as Record<string, unknown>)[field]
  return typeof value === 'number' || typeof value === 'string' ? value : ''
}

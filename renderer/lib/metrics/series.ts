/** One figure for each step, oldest first; null where it is not known. */
export type Figures = readonly (number | null)[]

/** When each step begins, in seconds as charts want them. */
export function stepTimes(startAt: string, stepSeconds: number, count: number): number[] {
  const start = Date.parse(startAt) / 1000
  return Array.from({ length: count }, (_, step) => start + step * stepSeconds)
}

/** Each layer on top of those before it; a gap where the layer has one. */
export function stackUp(layers: readonly Figures[]): (number | null)[][] {
  let below: number[] = []
  return layers.map((layer) => {
    const top = layer.map((value, step) => (value === null ? null : value + (below[step] ?? 0)))
    below = top.map((value, step) => value ?? below[step] ?? 0)
    return top
  })
}

/** Places without a neighbour: a line would not show them. */
export function findLonely(values: Figures): number[] {
  return values.flatMap((value, step) => {
    return value !== null && (values[step - 1] ?? null) === null && (values[step + 1] ?? null) === null ? [step] : []
  })
}

export interface Summary {
  /** The newest that is known. */
  readonly last: number
  readonly average: number
  readonly highest: number
}

export function summarize(values: Figures): Summary | null {
  const known = values.filter((value) => value !== null)
  const last = known.at(-1)
  if (last === undefined) return null
  return {
    last,
    average: known.reduce((sum, value) => sum + value, 0) / known.length,
    highest: known.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  }
}

/** Whether there is anything but zero in it. */
export const hasAny = (values: Figures): boolean => values.some((value) => value !== null && value !== 0)
export const isKnown = (values: Figures): boolean => values.some((value) => value !== null)

/** The ones that go highest, as many as a chart can tell apart, in the order they came in. */
export function largest<Item>(items: readonly Item[], of: (item: Item) => Figures, count: number): readonly Item[] {
  if (items.length <= count) return items
  // Once for each: a sort asks many times, and a day of five hundred dynos is hundreds of thousands of figures.
  const heights = new Map(items.map((item) => [item, heightOf(of(item))]))
  const heightIn = (item: Item) => heights.get(item) ?? Number.NEGATIVE_INFINITY
  const kept = new Set([...items].sort((a, b) => heightIn(b) - heightIn(a)).slice(0, count))
  return items.filter((item) => kept.has(item))
}

function heightOf(values: Figures): number {
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) if (value !== null && value > most) most = value
  return most
}

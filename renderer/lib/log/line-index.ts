/** One line of the history: the segment that has it, and its place there. */
export interface LinePlace {
  segment: number
  line: number
}

interface Segment {
  readonly id: number
  readonly lines: number
}

/** Which line is the how manyth of all, without having them: from how many lines each segment has. */
export class LineIndex {
  readonly total: number
  readonly #segments: readonly Segment[]
  /** How many lines are before each segment. */
  readonly #starts: number[]

  constructor(segments: readonly Segment[]) {
    this.#segments = segments
    this.#starts = []
    let total = 0
    for (const { lines } of segments) {
      this.#starts.push(total)
      total += lines
    }
    this.total = total
  }

  placeOf(row: number): LinePlace | null {
    if (row < 0 || row >= this.total) return null
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#starts[middle] ?? 0) <= row) low = middle
      else high = middle - 1
    }
    const segment = this.#segments[low]
    return segment ? { segment: segment.id, line: row - (this.#starts[low] ?? 0) } : null
  }

  rowOf({ segment, line }: LinePlace): number | null {
    const at = this.#segments.findIndex(({ id }) => id === segment)
    return at < 0 ? null : (this.#starts[at] ?? 0) + line
  }
}

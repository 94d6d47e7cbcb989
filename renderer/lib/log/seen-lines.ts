/** How many lines a stream begins with that were written before: the server's most for one reader. */
export const historyLines = 1500

/** Whether the stream that goes on begins with lines that were seen before it broke. */
export type Joint = 'whole' | 'gap'

/** Remembers the last lines, so that a stream that begins anew goes on where the last one broke off. */
export class SeenLines {
  #last: string[] = []
  #known: Set<string> | null = null
  #expected = 0
  #isJoined = true

  /** The next lines may be some that were seen. */
  expectAgain(): void {
    this.#known = new Set(this.#last)
    this.#expected = historyLines
    this.#isJoined = this.#last.length === 0
  }

  /** The lines that are new, and once after each break whether they join what was seen. */
  take(lines: string[]): { lines: string[]; joint: Joint | null } {
    const joint = this.#joinTo(lines[0])
    const fresh = this.#withoutKnown(lines)
    this.#last.push(...fresh.slice(-historyLines))
    if (this.#last.length > 2 * historyLines) this.#last = this.#last.slice(-historyLines)
    return { lines: fresh, joint }
  }

  #joinTo(first: string | undefined): Joint | null {
    if (this.#isJoined || first === undefined) return null
    this.#isJoined = true
    return this.#known?.has(first) ? 'whole' : 'gap'
  }

  #withoutKnown(lines: string[]): string[] {
    const known = this.#known
    if (!known) return lines
    const fresh = lines.filter((line, at) => at >= this.#expected || !known.has(line))
    this.#expected -= lines.length
    if (this.#expected <= 0) this.#known = null
    return fresh
  }
}

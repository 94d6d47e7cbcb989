/** The candidate that was probably meant, or null when none is near. */
export function closest(given: string, candidates: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(given.length / 3))
  let best: { candidate: string; distance: number } | null = null
  for (const candidate of candidates) {
    const isBeginning = given.length > 2 && candidate.startsWith(given)
    const distance = isBeginning ? 1 : editDistance(given, candidate)
    if (distance <= limit && (best === null || distance < best.distance)) best = { candidate, distance }
  }
  return best?.candidate ?? null
}

/** Letters to insert, remove, change or swap with their neighbour. */
export function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let row = 1; row <= from.length; row += 1) {
    rows[row] = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1]
      const changed = at(row - 1, column - 1) + (isSame ? 0 : 1)
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swapped = isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY
      rows[row]?.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, changed, swapped))
    }
  }
  return at(from.length, to.length)
}

/**
 * Which of very many rows a list lays out as its height. Beyond some million pixels a browser draws text unevenly, since it places
 * it by numbers of 24 bits; so such a list is a window over the rows that moves when one gets to its end.
 */
export interface RowWindow {
  first: number
  size: number
}

const mostPixels = 4_000_000

export const windowSize = (count: number, rowHeight: number): number =>
  Math.min(count, Math.floor(mostPixels / rowHeight))

/** The window whose middle is this row, as near as the ends allow. */
export function windowAround(row: number, count: number, size: number): RowWindow {
  return { first: Math.max(0, Math.min(count - size, Math.round(row - size / 2))), size }
}

export const isWithin = ({ first, size }: RowWindow, row: number): boolean => row >= first && row < first + size

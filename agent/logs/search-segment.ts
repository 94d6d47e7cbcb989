import type { LogSearch } from '../core/ports/log-store.ts'
import { matchesFilter, parsePrefix } from './log-line.ts'

const longestPrefix = 260

/** The numbers of the lines that have the text, however it is written large or small, and are by whom the filter names. */
export function searchSegment(bytes: Buffer, { text, filter }: LogSearch): number[] {
  const wanted = text.toLowerCase()
  const found: number[] = []
  const isFiltered = filter.source !== undefined || filter.process !== undefined
  const lines = bytes.toString('utf8').split('\n')
  // Nothing stands after the last newline.
  for (let at = 0; at < lines.length - 1; at++) {
    const line = lines[at] as string
    if (wanted !== '' && !line.toLowerCase().includes(wanted)) continue
    if (isFiltered) {
      const prefix = parsePrefix(Buffer.from(line.slice(0, longestPrefix)))
      if (!prefix || !matchesFilter(prefix.origin, filter)) continue
    }
    found.push(at)
  }
  return found
}

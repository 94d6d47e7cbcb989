import type { LogSearch } from '../core/ports/logs/log-store.ts'
import { matchesFilter, parsePrefix } from './log-line.ts'

const longestPrefix = 260

/**
 * The numbers of the lines that have what the text asks for, however it is written large or small, and are by whom the filter
 * names. The text is words, or phrases in quotes, that all have to be there; one after a minus must not.
 */
export function searchSegment(bytes: Buffer, { text, filter }: LogSearch): number[] {
  const terms = parseTerms(text)
  const found: number[] = []
  const isFiltered = filter.source !== undefined || filter.process !== undefined
  const lines = bytes.toString('utf8').split('\n')
  // Nothing stands after the last newline.
  for (let at = 0; at < lines.length - 1; at++) {
    const line = lines[at] as string
    if (!matchesTerms(line, terms)) continue
    if (isFiltered) {
      const prefix = parsePrefix(Buffer.from(line.slice(0, longestPrefix)))
      if (!prefix || !matchesFilter(prefix.origin, filter)) continue
    }
    found.push(at)
  }
  return found
}

interface Term {
  readonly text: string
  readonly isWanted: boolean
}

/** `timeout "POST /api" -healthz` */
function parseTerms(text: string): Term[] {
  return [...text.matchAll(/(-?)(?:"([^"]+)"?|(\S+))/g)].flatMap(([, minus, phrase, word]) => {
    const term = (phrase ?? word ?? '').toLowerCase()
    return term === '' ? [] : [{ text: term, isWanted: minus === '' }]
  })
}

function matchesTerms(line: string, terms: readonly Term[]): boolean {
  if (terms.length === 0) return true
  const lower = line.toLowerCase()
  return terms.every(({ text, isWanted }) => lower.includes(text) === isWanted)
}

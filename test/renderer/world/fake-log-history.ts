import { type Calls, fail } from './fake-bridge.ts'
import { fakeLogLine } from './fake-streams.ts'

const linesPerSegment = 5000

/** `?lines=2000000` has so many; else a day's worth. */
function countLines(): number {
  return Number(new URLSearchParams(globalThis.location?.search).get('lines') ?? 60_000)
}

const linesOf = (segment: number): string[] =>
  Array.from({ length: Math.min(linesPerSegment, countLines() - (segment - 1) * linesPerSegment) }, (_, at) =>
    fakeLogLine((segment - 1) * linesPerSegment + at, Date.UTC(2026, 10, 24) + segment * 100_000_000),
  )

/** As many lines as wanted, made when they are asked for. */
export const fakeLogHistory = {
  'logs.history': () => ({
    segments: Array.from({ length: Math.ceil(countLines() / linesPerSegment) }, (_, at) => ({
      id: at + 1,
      since: '2026-11-24T08:12:04.000123+00:00',
      lines: Math.min(linesPerSegment, countLines() - at * linesPerSegment),
    })),
  }),
  'logs.segment': ({ segment }) => {
    if ((segment - 1) * linesPerSegment >= countLines()) throw fail('not_found', `There is no segment ${segment}.`)
    return {
      id: segment,
      text: linesOf(segment)
        .map((line) => `${line}\n`)
        .join(''),
    }
  },
  'logs.search': ({ search: { text, source, dyno, before } }) => {
    const last = (before ?? Math.ceil(countLines() / linesPerSegment) + 1) - 1
    const first = Math.max(1, last - 19)
    const found = []
    for (let segment = last; segment >= first; segment -= 1) {
      const isFound = (line: string) =>
        line.toLowerCase().includes(text.toLowerCase()) &&
        (!source || line.includes(` ${source}[`)) &&
        (!dyno || line.includes(`[${dyno}`))
      const lines = linesOf(segment).flatMap((line, at) => (isFound(line) ? [at] : []))
      if (lines.length > 0) found.push({ segment, lines })
    }
    return { found, before: first > 1 ? first : null }
  },
} satisfies Partial<Calls>

// The ways in which published tools (smuggler, HTTP Request Smuggler) hide a Transfer-Encoding from one of two parsers: each byte that
// some parser overlooks, in each place, alone and in two places; other spellings; more than one; lines within lines.
import { expect, test } from 'vitest'
import { Malformed } from '../../../../agent/router/http/header-block.ts'
import type { RequestHead } from '../../../../agent/router/http/request-head.ts'
import { parseRequestHead } from '../../../../agent/router/http/request-parser.ts'

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index))
const bytes = [...range(0x00, 0x20), ...range(0x7f, 0xff)]
const field = (before: string, afterName: string, beforeValue: string, after: string) =>
  `${before}Transfer-Encoding${afterName}:${beforeValue}chunked${after}`

/** In each place alone, and in each two of the four. */
const spaced = bytes.flatMap((byte) =>
  Array.from({ length: 15 }, (_, index) => index + 1)
    .map((mask) => [1, 2, 4, 8].map((bit) => ((mask & bit) > 0 ? byte : '')) as [string, string, string, string])
    .filter((places) => places.filter(Boolean).length <= 2)
    .map(([before, afterName, beforeValue, after]) => field(before, afterName, beforeValue || ' ', after)),
)

const spelled = [
  ...[
    'Transfer_Encoding: chunked',
    'Transfer Encoding: chunked',
    'Transfer\r-Encoding: chunked',
    'transfer-ENCODING: CHUNKed',
  ],
  ...[
    'Transfer-Encoding: "chunked"',
    "Transfer-Encoding: 'chunked'",
    'Transfer-Encoding: chunk',
    'Transfer-Encoding: ch\x96nked',
  ],
  ...['Transfer-Encoding: chunked, cow', 'Transfer-Encoding: cow, chunked', 'Transfer-Encoding: cow chunked bar'],
  ...[
    'Transfer-Encoding: identity',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding:',
    'Transf\x82r-Encoding: chunked',
  ],
  ...[
    'Transfer-Encoding: chunked;q=0',
    'Transfer-Encoding: ,chunked',
    'Transfer-Encoding: chunked,',
    'Transfer-Encoding:\n chunked',
  ],
  ...['Transfer-Encoding:\r\n chunked', 'Transfer-Encoding: \r\n\tchunked', 'X: y\r\n Transfer-Encoding: chunked'],
  ...['X: y\rTransfer-Encoding: chunked', 'X: y\nTransfer-Encoding: chunked', 'X: y\0Transfer-Encoding: chunked'],
  ...['Transfer-Encoding: cow\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: cow'],
  ...[
    'Transfer-Encoding: chunked\r\nTransfer_Encoding: cow',
    'Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked',
  ],
]

const lengths = ['Content-Length: 6', 'Content-Length: 06', 'Content_Length: 6', 'Content-Length : 6', '']

function read(...lines: readonly string[]): RequestHead | null {
  try {
    return parseRequestHead(
      `POST / HTTP/1.1\r\n${lines
        .filter(Boolean)
        .map((line) => `${line}\r\n`)
        .join('')}\r\n`,
    )
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return null
  }
}

/** Whether anybody, however lenient, finds this field among what goes on to the dyno. */
const mentions = ({ lines }: RequestHead, name: string): boolean =>
  lines.split(/[\r\n]+/).some((line) =>
    line
      .toLowerCase()
      .replaceAll('_', '-')
      .replace(/[^a-z-]/g, '')
      .startsWith(name),
  )

test('no hidden Transfer-Encoding goes on to a dyno: it is refused, taken away, or seen as what it is', () => {
  const seen = { refused: 0, chunked: 0, other: 0 }
  for (const hidden of [...spaced, ...spelled]) {
    for (const length of lengths) {
      // First and last: some parsers begin the fields, or end them, too early.
      for (const lines of [
        [hidden, 'Host: a.test', length],
        ['Host: a.test', length, hidden],
      ]) {
        const head = read(...lines)
        if (!head) {
          seen.refused++
          continue
        }
        seen[head.framing.kind === 'chunked' ? 'chunked' : 'other']++
        // The router says the framing anew: what it found is the only one that the dyno hears of.
        expect(mentions(head, 'transfer-encoding'), JSON.stringify(lines)).toBe(false)
        if (head.framing.kind === 'chunked') expect(mentions(head, 'content-length'), JSON.stringify(lines)).toBe(false)
      }
    }
  }
  expect(seen.refused).toBeGreaterThan(10_000)
  expect(seen.chunked).toBeGreaterThan(5)
  expect(seen.other).toBeGreaterThan(5)
})

test('the search sees what a lenient parser would see', () => {
  const passed = (line: string) => ({ lines: `${line}\r\n` }) as RequestHead
  for (const line of ['Transfer-Encoding : chunked', '\x0bTransfer-Encoding: chunked', 'transfer_encoding:chunked'])
    expect(mentions(passed(line), 'transfer-encoding')).toBe(true)
  expect(mentions(passed('X: Transfer-Encoding: chunked'), 'transfer-encoding')).toBe(false)
})

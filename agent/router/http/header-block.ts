import { limits } from '../limits.ts'
import { RecentTexts } from './recent-texts.ts'

export interface Header {
  /** As it was sent. */
  readonly name: string
  /** In lower case. */
  readonly key: string
  readonly value: string
}

/** A head or a body that breaks the rules; `message` says which, in words fit for whoever sent it. */
export class Malformed extends Error {}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// Control characters, and a CR or LF that is not half of a CRLF: what parsers disagree about is refused, not interpreted.
const forbidden = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/

export const isToken = (text: string): boolean => token.test(text)
export const hasForbiddenBytes = (text: string): boolean => forbidden.test(text)

/** Reads `name: value CRLF` lines up to the empty line that ends the text. The text has no forbidden bytes. */
export function parseHeaderLines(text: string, start: number, maxLineBytes: number): Header[] {
  const headers: Header[] = []
  let position = start
  for (;;) {
    const end = text.indexOf('\r\n', position)
    if (end === position) return headers
    if (end < 0) throw new Malformed('header without an end')
    if (headers.length === limits.headerCount) throw new Malformed('too many headers')
    if (end - position > maxLineBytes) throw new Malformed('header line too long')
    const colon = text.indexOf(':', position)
    if (colon < 0 || colon > end) throw new Malformed('header line without a colon')
    const name = text.slice(position, colon)
    const key = knownKeys.of(name)
    // Not all parsers see a tab as white space here, and whoever doesn't finds no chunks.
    if (key === 'transfer-encoding' && text.slice(colon, end).includes('\t'))
      throw new Malformed('bad Transfer-Encoding')
    headers.push({ name, key, value: trimmed(text, colon + 1, end) })
    position = end + 2
  }
}

export const renderHeader = (name: string, value: string): string => `${name}: ${value}\r\n`

// The same few names come with every request: checking and lower-casing each of them once is a tenth of the parser's time.
const knownKeys = new RecentTexts((name) => {
  // No line folding, no space before the colon: both start or end a name with white space, which is not a token.
  if (name.length > limits.headerNameBytes || !isToken(name)) throw new Malformed('bad header name')
  return name.toLowerCase()
})

function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

const isBlank = (character: number): boolean => character === 0x20 || character === 0x09

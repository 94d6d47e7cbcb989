/** A head or a body that breaks the rules; `message` says which, in words fit for whoever sent it. */
export class Malformed extends Error {}

const token = "!#$%&'*+\\-.^_`|~0-9A-Za-z"
const isTokenText = new RegExp(`^[${token}]+$`)

export const isToken = (text: string): boolean => isTokenText.test(text)

/**
 * Field lines up to and with the empty line that ends them, as a part of a regular expression. Strict: whatever parsers are known
 * to disagree about (folded lines, white space before the colon, a lone CR or LF, control characters) is not in it. One pass over
 * the text that looks at every character once is much cheaper than a check of each name and value.
 */
export const fieldLines = `(?:[${token}]+:[\\t\\x20-\\x7e\\x80-\\xff]*\\r\\n)*\\r\\n`

/** Says what is wrong with a block that `fieldLines` does not match. */
export function describeFault(text: string): string {
  if (/[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/.test(text)) return 'forbidden character'
  for (const line of text.split('\r\n')) {
    if (line === '') continue
    const colon = line.indexOf(':')
    if (colon < 0) return 'header line without a colon'
    if (!isToken(line.slice(0, colon))) return 'bad header name'
  }
  return 'header without an end'
}

/** `text` from `start` to `end`, without blanks at either side. */
export function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

export const isBlank = (character: number): boolean => character === 0x20 || character === 0x09

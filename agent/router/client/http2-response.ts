import type { OutgoingHttpHeaders } from 'node:http2'
import type { ResponseHead } from '../http/response-parser.ts'

/** A dyno's head as HTTP/2's fields: names in lower case, one list for what was said more than once. */
export function http2FieldsOf(head: ResponseHead): OutgoingHttpHeaders {
  // Without what every object has: a dyno may call a field `constructor`.
  const fields: OutgoingHttpHeaders = Object.assign(Object.create(null), { ':status': head.status })
  addLines(fields, head.lines.slice(head.lines.indexOf('\r\n') + 2))
  if (head.status >= 200) fields.via = `${head.via}2.0 hearth-router`
  return fields
}

/** The lines behind a chunked body. */
export function http2TrailersOf(lines: string): OutgoingHttpHeaders {
  const fields: OutgoingHttpHeaders = Object.create(null)
  addLines(fields, lines)
  return fields
}

function addLines(fields: OutgoingHttpHeaders, lines: string): void {
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) addField(fields, line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
}

function addField(fields: OutgoingHttpHeaders, name: string, value: string): void {
  const before = fields[name]
  if (before === undefined) fields[name] = value
  else if (name === 'set-cookie') fields[name] = [...(Array.isArray(before) ? before : [String(before)]), value]
  // Other fields that come several times mean their list (RFC 9110, 5.2); Node takes no lists for some that have one value.
  else fields[name] = `${before}, ${value}`
}

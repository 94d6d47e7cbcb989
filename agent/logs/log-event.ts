import { formatLineId, type LogBatch } from './log-line.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const dataField = Buffer.from('data: ')
const endOfEvent = Buffer.from('\n\n')

/**
 * Lines as server-sent events, one each, with the line's id: `id: 1795232712123456-0`, `data: <line>`, an empty line. A
 * carriage return would end a field, so what stands after one goes on in a `data` field of its own: the reader sees a line break.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function renderEvents({ at, first, bytes, lines }: LogBatch): Buffer {
  const pieces: Uint8Array[] = []
  let start = 0
  for (let place = first; place < first + lines; place++) {
    const end = bytes.indexOf(newline, start)
    pieces.push(Buffer.from(`id: ${formatLineId({ at, place })}\n`))
    pushData(pieces, bytes.subarray(start, end))
    pieces.push(endOfEvent)
    start = end + 1
  }
  return Buffer.concat(pieces)
}

/** A line that is none of the log's: it has no id, and a reader that reconnects does not begin after it. */
export function renderNote(line: Buffer): Buffer {
  return Buffer.concat([dataField, line, endOfEvent])
}

function pushData(pieces: Uint8Array[], line: Buffer): void {
  let start = 0
  for (let at = line.indexOf(carriageReturn); at !== -1; at = line.indexOf(carriageReturn, start)) {
    pieces.push(dataField, line.subarray(start, at), endOfEvent.subarray(0, 1))
    start = at + 1
  }
  pieces.push(dataField, line.subarray(start))
}

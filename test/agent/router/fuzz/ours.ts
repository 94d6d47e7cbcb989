// What our engine makes of bytes, in whatever pieces they come, and what it would send on.
import { BufferedBytes } from '../../../../agent/router/buffered-bytes.ts'
import { openRequestBody, openResponseBody } from '../../../../agent/router/http/body.ts'
import { Origin, renderRequestHead, renderResponseHead } from '../../../../agent/router/http/forward-head.ts'
import { HeadBuffer } from '../../../../agent/router/http/head-buffer.ts'
import { Malformed } from '../../../../agent/router/http/header-block.ts'
import type { RequestHead } from '../../../../agent/router/http/request-head.ts'
import { parseRequestHead } from '../../../../agent/router/http/request-parser.ts'
import { parseResponseHead, RestrictionBroken } from '../../../../agent/router/http/response-parser.ts'
import type { Message } from './message.ts'

export interface Passed extends Message {
  readonly method: string
  /** What the other side gets for it. */
  readonly sent: Buffer
}

// After these Node reads no further request: an upgrade that we overlook (in HTTP/1.0, to h2c), a Connection field among trailers,
// which we drop.
const endsForNode = /\r\n(upgrade|connection)[ \t]*:(?![ \t]*keep-alive\r)/i

const headBytes = 128 * 1024

/** The whole requests in these bytes, until we refuse, the connection would end, or the bytes do. */
export function requestsSeenByUs(bytes: Buffer): Passed[] {
  const passed: Passed[] = []
  let rest: Buffer | null = bytes
  try {
    while (rest !== null && rest.length > 0) {
      const buffer = new HeadBuffer(headBytes, new BufferedBytes())
      const text = buffer.add(rest)
      if (text === null) break
      const head = parseRequestHead(text)
      const { body, sent, left, isDone } = readBody(openRequestBody(head.framing, false), buffer.rest)
      if (!isDone) break
      passed.push({
        method: head.method,
        start: `${head.method} ${head.target}`,
        body: bodyOf(head, body),
        sent: Buffer.concat([Buffer.from(renderHead(head), 'latin1'), sent]),
      })
      if (!head.keepAlive || endsForNode.test(text) || endsForNode.test(body)) break
      rest = left
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
  }
  return passed
}

/** The same, byte by byte: it must not matter how the bytes come. */
export function requestSeenInDrops(bytes: Buffer): { start: string; sent: Buffer } | null {
  const buffer = new HeadBuffer(headBytes, new BufferedBytes())
  let head: RequestHead | null = null
  let body = openRequestBody({ kind: 'none' }, false)
  const pieces: Buffer[] = []
  try {
    for (let at = 0; at < bytes.length; at++) {
      const drop = bytes.subarray(at, at + 1)
      if (head) {
        body.read(drop, 0, pieces)
      } else {
        const text = buffer.add(drop)
        if (text === null) continue
        head = parseRequestHead(text)
        body = openRequestBody(head.framing, false)
      }
      if (!body.isDone) continue
      const sent = Buffer.concat([Buffer.from(renderHead(head), 'latin1'), ...pieces])
      return { start: `${head.method} ${head.target}`, sent }
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
  }
  return null
}

/** Null when we refuse it, or it isn't whole, or only its connection's end would end it. */
export function responseSeenByUs(
  bytes: Buffer,
  requestMethod: string,
): (Passed & { readonly left: Buffer | null }) | null {
  try {
    const buffer = new HeadBuffer(1024 * 1024, new BufferedBytes())
    const text = buffer.add(bytes)
    if (text === null) return null
    const head = parseResponseHead(text, requestMethod)
    if (head.framing.kind === 'until-close' || head.status < 200) return null
    const { body, sent, left, isDone } = readBody(openResponseBody(head.framing, false), buffer.rest)
    if (!isDone) return null
    const form = { minorVersion: 1, chunked: head.framing.kind === 'chunked', connection: 'keep-alive' } as const
    return {
      method: requestMethod,
      start: String(head.status),
      body: head.framing.kind === 'chunked' ? unchunk(body) : body,
      sent: Buffer.concat([Buffer.from(renderResponseHead(head, form), 'latin1'), sent]),
      left,
    }
  } catch (error) {
    if (error instanceof Malformed || error instanceof RestrictionBroken) return null
    throw error
  }
}

function readBody(reader: ReturnType<typeof openRequestBody>, rest: Buffer | null) {
  const pieces: Buffer[] = []
  const input = rest ?? Buffer.alloc(0)
  const end = reader.read(input, 0, pieces)
  return {
    body: input.subarray(0, end).toString('latin1'),
    sent: Buffer.concat(pieces),
    left: input.subarray(end),
    isDone: reader.isDone,
  }
}

const bodyOf = (head: RequestHead, raw: string): string => (head.framing.kind === 'chunked' ? unchunk(raw) : raw)

/** The content of chunks that were found in order. */
function unchunk(raw: string): string {
  const body = openResponseBody({ kind: 'chunked' }, true)
  const pieces: Buffer[] = []
  body.read(Buffer.from(raw, 'latin1'), 0, pieces)
  return Buffer.concat(pieces).toString('latin1')
}

function renderHead(head: RequestHead): string {
  const origin = new Origin('192.0.2.1', 80)
  const marks = { forwardedFor: '192.0.2.1', requestId: 'f'.repeat(36), startMs: 1 }
  return renderRequestHead(head, origin, marks, { keepAlive: true, expectContinue: false })
}

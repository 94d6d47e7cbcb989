import { type Header, hasForbiddenBytes, Malformed, parseHeaderLines } from './header-block.ts'
import { limits } from './limits.ts'

export interface ResponseHead {
  readonly status: number
  readonly reason: string
  readonly headers: readonly Header[]
  readonly framing: ResponseFraming
  /** Whether the dyno will take another request on this connection. */
  readonly keepAlive: boolean
  /** For how long the dyno said it waits for it; null if it didn't. */
  readonly keepAliveMs: number | null
  readonly nominated: readonly string[]
}

export type ResponseFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }

/** A response that is readable but that no client should get (H25). */
export class RestrictionBroken extends Error {}

export function parseResponseHead(text: string, requestMethod: string): ResponseHead {
  if (hasForbiddenBytes(text)) throw new Malformed('forbidden character')
  const lineEnd = text.indexOf('\r\n')
  if (lineEnd > limits.statusLineBytes) throw new RestrictionBroken('oversized status line')
  const { minorVersion, status, reason } = parseStatusLine(text.slice(0, lineEnd))
  const headers = parseLines(text, lineEnd + 2)
  const fields = collectFields(headers)
  const framing = hasNoBody(status, requestMethod) ? ({ kind: 'none' } as const) : framingOf(fields)
  return {
    status,
    reason,
    headers,
    framing,
    keepAlive: framing.kind !== 'until-close' && isPersistent(minorVersion, fields.nominated),
    keepAliveMs: fields.keepAliveMs,
    nominated: fields.nominated,
  }
}

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: (.*))?$/

function parseStatusLine(line: string): { minorVersion: 0 | 1; status: number; reason: string } {
  const match = statusLine.exec(line)
  const status = Number(match?.[2])
  if (!match || status < 100) throw new Malformed('bad status line')
  return { minorVersion: match[1] === '1' ? 1 : 0, status, reason: match[3] ?? '' }
}

function parseLines(text: string, start: number): Header[] {
  const headers = parseHeaderLines(text, start, limits.responseHeaderLineBytes)
  if (headers.some(({ key, value }) => key === 'set-cookie' && value.length > limits.setCookieBytes)) {
    throw new RestrictionBroken('oversized cookie')
  }
  return headers
}

interface Fields {
  readonly contentLengths: readonly string[]
  readonly transferEncodings: readonly string[]
  readonly nominated: readonly string[]
  readonly keepAliveMs: number | null
}

function collectFields(headers: readonly Header[]): Fields {
  const contentLengths: string[] = []
  const transferEncodings: string[] = []
  const nominated: string[] = []
  let keepAliveMs: number | null = null
  for (const { key, value } of headers) {
    switch (key) {
      case 'content-length':
        contentLengths.push(value)
        break
      case 'transfer-encoding':
        transferEncodings.push(value.toLowerCase())
        break
      case 'connection':
        for (const name of value.toLowerCase().split(',')) nominated.push(name.trim())
        break
      case 'keep-alive': {
        const timeout = /\btimeout=(\d{1,6})\b/i.exec(value)
        if (timeout) keepAliveMs = Number(timeout[1]) * 1000
        break
      }
    }
  }
  return { contentLengths, transferEncodings, nominated, keepAliveMs }
}

const hasNoBody = (status: number, requestMethod: string): boolean =>
  requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304

function framingOf({ contentLengths, transferEncodings }: Fields): ResponseFraming {
  const [length, ...moreLengths] = contentLengths
  if (transferEncodings.length > 0) {
    if (length !== undefined) throw new RestrictionBroken('invalid content length')
    if (transferEncodings.length === 1 && transferEncodings[0] === 'chunked') return { kind: 'chunked' }
    throw new Malformed('unsupported Transfer-Encoding')
  }
  if (length === undefined) return { kind: 'until-close' }
  if (!/^\d{1,15}$/.test(length) || moreLengths.some((other) => other !== length)) {
    throw new RestrictionBroken('invalid content length')
  }
  return { kind: 'length', length: Number(length) }
}

const isPersistent = (minorVersion: 0 | 1, nominated: readonly string[]): boolean =>
  minorVersion === 1 ? !nominated.includes('close') : nominated.includes('keep-alive')

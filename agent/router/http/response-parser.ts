import { limits } from '../limits.ts'
import { type Header, hasForbiddenBytes, Malformed, parseHeaderLines } from './header-block.ts'

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
  const headers = parseHeaderLines(text, lineEnd + 2, limits.responseHeaderLineBytes)
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
  if (line === 'HTTP/1.1 200 OK') return ok
  const match = statusLine.exec(line)
  const status = Number(match?.[2])
  if (!match || status < 100) throw new Malformed('bad status line')
  return { minorVersion: match[1] === '1' ? 1 : 0, status, reason: match[3] ?? '' }
}

const ok = { minorVersion: 1, status: 200, reason: 'OK' } as const

interface Fields {
  contentLength: string | null
  hasSeveralLengths: boolean
  transferEncoding: string | null
  nominated: readonly string[]
  keepAliveMs: number | null
}

function collectFields(headers: readonly Header[]): Fields {
  const fields: Fields = {
    contentLength: null,
    hasSeveralLengths: false,
    transferEncoding: null,
    nominated: noNames,
    keepAliveMs: null,
  }
  for (const { key, value } of headers) {
    switch (key) {
      case 'content-length':
        fields.hasSeveralLengths ||= fields.contentLength !== null && fields.contentLength !== value
        fields.contentLength = value
        break
      case 'transfer-encoding':
        fields.transferEncoding = join(fields.transferEncoding, value.toLowerCase())
        break
      case 'connection':
        fields.nominated = [...fields.nominated, ...value.toLowerCase().split(',').map(trim)]
        break
      case 'keep-alive': {
        const timeout = /\btimeout=(\d{1,6})\b/i.exec(value)
        if (timeout) fields.keepAliveMs = Number(timeout[1]) * 1000
        break
      }
      case 'set-cookie':
        if (value.length > limits.setCookieBytes) throw new RestrictionBroken('oversized cookie')
        break
    }
  }
  return fields
}

const noNames: readonly string[] = []
const join = (before: string | null, value: string): string => (before === null ? value : `${before}, ${value}`)
const trim = (text: string): string => text.trim()

const hasNoBody = (status: number, requestMethod: string): boolean =>
  requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304

function framingOf({ contentLength, hasSeveralLengths, transferEncoding }: Fields): ResponseFraming {
  if (transferEncoding !== null) {
    if (contentLength !== null) throw new RestrictionBroken('invalid content length')
    if (transferEncoding === 'chunked') return { kind: 'chunked' }
    throw new Malformed('unsupported Transfer-Encoding')
  }
  if (contentLength === null) return { kind: 'until-close' }
  if (hasSeveralLengths || !/^\d{1,15}$/.test(contentLength)) throw new RestrictionBroken('invalid content length')
  return { kind: 'length', length: Number(contentLength) }
}

const isPersistent = (minorVersion: 0 | 1, nominated: readonly string[]): boolean =>
  minorVersion === 1 ? !nominated.includes('close') : nominated.includes('keep-alive')

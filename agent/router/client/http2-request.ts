import { isToken, Malformed } from '../http/header-block.ts'
import { nameRequest } from '../http/name-request.ts'
import type { RequestHead } from '../http/request-head.ts'
import { parseRequestHead } from '../http/request-parser.ts'

/**
 * A request of HTTP/2 as the head of HTTP/1 that its dyno will get, judged by the same strict parser: there is one opinion on what
 * is a request. `rawFields` are names and values by turns. Throws `Malformed`.
 */
export function parseHttp2Request(rawFields: readonly string[], hasBody: boolean): RequestHead {
  const pseudo = new Map<string, string>()
  const cookies: string[] = []
  let lines = ''
  for (let at = 0; at < rawFields.length; at += 2) {
    const name = rawFields[at] ?? ''
    const value = rawFields[at + 1] ?? ''
    // A line end within a value would be another field to us.
    if (/[\r\n\0]/.test(value)) throw new Malformed('forbidden character')
    if (name.startsWith(':')) pseudo.set(name, value)
    else if (!isToken(name)) throw new Malformed('bad header name')
    else if (name === 'cookie') cookies.push(value)
    else if (name === 'host') pseudo.set('host', value)
    else lines += `${name}: ${value}\r\n`
  }
  // HTTP/2 may send a cookie in crumbs, which are one field to HTTP/1 (RFC 9113, 8.2.3).
  if (cookies.length > 0) lines += `cookie: ${cookies.join('; ')}\r\n`
  const start = `${pseudo.get(':method')} ${pseudo.get(':path')} HTTP/1.1\r\nHost: ${authorityOf(pseudo)}\r\n`
  const head = parseRequestHead(`${start}${lines}\r\n`)
  if (head.framing.kind === 'chunked') throw new Malformed('Transfer-Encoding in HTTP/2')
  if (head.upgrade !== null) throw new Malformed('Upgrade in HTTP/2')
  if (hasBody && head.framing.kind === 'none') {
    return { ...head, protocol: 'http2.0', framing: { kind: 'chunked' }, lines: withoutLength(head.lines) }
  }
  if (!hasBody && head.framing.kind === 'length') throw new Malformed('body shorter than its Content-Length')
  return { ...head, protocol: 'http2.0' }
}

/** What a malformed one seems to ask for, so that its app's log can tell of it; null when that is not clear. */
export function nameHttp2Request(rawFields: readonly string[]): RequestHead | null {
  const fieldOf = (name: string) => rawFields.find((_, at) => at % 2 === 1 && rawFields[at - 1] === name) ?? ''
  const head = nameRequest(`${fieldOf(':method')} ${fieldOf(':path')} HTTP/1.1\r\nHost: ${fieldOf(':authority')}\r\n`)
  return head && { ...head, protocol: 'http2.0' }
}

function authorityOf(pseudo: ReadonlyMap<string, string>): string {
  const authority = pseudo.get(':authority') ?? pseudo.get('host')
  const host = pseudo.get('host')
  if (authority === undefined) throw new Malformed('no Host header')
  if (host !== undefined && host.toLowerCase() !== authority.toLowerCase()) throw new Malformed('two different hosts')
  return authority
}

/** `Content-Length: 0` with a body that is announced and then empty. */
const withoutLength = (lines: string): string => lines.replace(/\r\ncontent-length: [^\r]*(?=\r\n)/i, '')

import { normalizeHostname } from '../../core/route-request.ts'
import { limits } from '../limits.ts'
import { type Header, hasForbiddenBytes, isToken, Malformed, parseHeaderLines } from './header-block.ts'
import { RecentTexts } from './recent-texts.ts'

export interface RequestHead {
  readonly method: string
  /** In origin form (`/path?query`), or `*`. */
  readonly target: string
  /** As the client named it: the authority of an absolute target, else the Host header. */
  readonly authority: string
  /** Normalised, without the port. */
  readonly hostname: string
  readonly minorVersion: 0 | 1
  readonly headers: readonly Header[]
  readonly framing: RequestFraming
  /** Whether the client wants to go on with this connection. */
  readonly keepAlive: boolean
  /** The protocol to switch to, if the client asks for it. */
  readonly upgrade: string | null
  readonly expect: 'nothing' | 'continue' | 'unsupported'
  /** Lower-case names that the Connection header declares hop-by-hop. */
  readonly nominated: readonly string[]
}

export type RequestFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }

const none: RequestFraming = { kind: 'none' }
const chunked: RequestFraming = { kind: 'chunked' }
const noNames: readonly string[] = []

/**
 * Parses a whole head. Where HTTP's parsers are known to disagree (two lengths, odd white space, several hosts...) it
 * refuses, since the dyno's parser might see another request than the router did.
 */
export function parseRequestHead(text: string): RequestHead {
  if (hasForbiddenBytes(text)) throw new Malformed('forbidden character')
  const lineEnd = text.indexOf('\r\n')
  const { method, target, minorVersion } = parseRequestLine(text.slice(0, lineEnd))
  const headers = parseHeaderLines(text, lineEnd + 2, limits.requestHeaderLineBytes)
  const fields = collectFields(headers)
  const { authority, path } = splitTarget(target, fields.host)
  const nominated = fields.connection === null ? noNames : listOf(fields.connection)
  return {
    method,
    target: path,
    authority,
    hostname: knownHostnames.of(authority),
    minorVersion,
    headers,
    framing: framingOf(fields, minorVersion),
    keepAlive: minorVersion === 1 ? !nominated.includes('close') : nominated.includes('keep-alive'),
    upgrade: upgradeOf(fields, nominated, minorVersion),
    expect: expectationOf(fields.expect, minorVersion),
    nominated,
  }
}

const repeatableMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** Whether sending it twice does the same as sending it once, with nothing kept for the second time. */
export const isRepeatable = (head: RequestHead): boolean =>
  head.framing.kind === 'none' && repeatableMethods.has(head.method)

interface Fields {
  host: string | null
  contentLength: string | null
  transferEncoding: string | null
  connection: string | null
  upgrade: string | null
  expect: string | null
}

function parseRequestLine(line: string): { method: string; target: string; minorVersion: 0 | 1 } {
  if (line.length > limits.requestLineBytes) throw new Malformed('request line too long')
  const first = line.indexOf(' ')
  const last = line.lastIndexOf(' ')
  if (first <= 0 || last === first) throw new Malformed('bad request line')
  const method = line.slice(0, first)
  const target = line.slice(first + 1, last)
  const version = line.slice(last + 1)
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') throw new Malformed('unsupported HTTP version')
  if (method.length > limits.methodBytes || !isToken(method)) throw new Malformed('bad method')
  if (method === 'CONNECT') throw new Malformed('CONNECT is not supported')
  if (!/^[!-~]+$/.test(target)) throw new Malformed('bad target')
  return { method, target, minorVersion: version === 'HTTP/1.1' ? 1 : 0 }
}

function collectFields(headers: readonly Header[]): Fields {
  const fields: Fields = {
    host: null,
    contentLength: null,
    transferEncoding: null,
    connection: null,
    upgrade: null,
    expect: null,
  }
  for (const { key, value } of headers) {
    switch (key) {
      case 'host':
        fields.host = once(fields.host, value, 'Host')
        break
      case 'content-length':
        fields.contentLength = once(fields.contentLength, value, 'Content-Length')
        break
      case 'transfer-encoding':
        fields.transferEncoding = once(fields.transferEncoding, value, 'Transfer-Encoding')
        break
      case 'connection':
        fields.connection = fields.connection === null ? value : `${fields.connection},${value}`
        break
      case 'upgrade':
        fields.upgrade = once(fields.upgrade, value, 'Upgrade')
        break
      case 'expect':
        fields.expect = once(fields.expect, value, 'Expect')
        break
    }
  }
  return fields
}

function once(before: string | null, value: string, name: string): string {
  if (before !== null) throw new Malformed(`more than one ${name} header`)
  return value
}

/** An absolute target wins over the Host header (RFC 9112, 3.2.2), and goes on in origin form. */
function splitTarget(target: string, host: string | null): { authority: string; path: string } {
  // NOTE: HTTP/1.0 may lack the header, but without a host there is no app to find.
  if (host === null) throw new Malformed('no Host header')
  if (target.startsWith('/') || target === '*') return { authority: host, path: target }
  const absolute = /^https?:\/\/([^/?#]+)([/?].*)?$/i.exec(target)
  if (!absolute) throw new Malformed('bad target')
  const path = absolute[2] ?? '/'
  return { authority: absolute[1] ?? '', path: path.startsWith('?') ? `/${path}` : path }
}

const hostWithPort = /^([A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/

// The same few hosts come with every request.
const knownHostnames = new RecentTexts((authority) => {
  const match = hostWithPort.exec(authority)
  if (!match) throw new Malformed('bad Host header')
  return normalizeHostname(match[1] ?? '')
})

function framingOf(fields: Fields, minorVersion: 0 | 1): RequestFraming {
  const { contentLength, transferEncoding } = fields
  if (transferEncoding !== null) {
    if (contentLength !== null) throw new Malformed('both Content-Length and Transfer-Encoding')
    if (minorVersion === 0) throw new Malformed('Transfer-Encoding in HTTP/1.0')
    if (transferEncoding.toLowerCase() !== 'chunked') throw new Malformed('unsupported Transfer-Encoding')
    return chunked
  }
  if (contentLength === null) return none
  if (!/^\d{1,15}$/.test(contentLength)) throw new Malformed('bad Content-Length')
  const length = Number(contentLength)
  return length === 0 ? none : { kind: 'length', length }
}

function upgradeOf(fields: Fields, nominated: readonly string[], minorVersion: 0 | 1): string | null {
  if (fields.upgrade === null || minorVersion === 0 || !nominated.includes('upgrade')) return null
  // Cleartext HTTP/2 would be a tunnel for requests that the router neither sees nor logs.
  return listOf(fields.upgrade).includes('h2c') ? null : fields.upgrade
}

function expectationOf(expect: string | null, minorVersion: 0 | 1): RequestHead['expect'] {
  if (expect === null || minorVersion === 0) return 'nothing'
  return expect.toLowerCase() === '100-continue' ? 'continue' : 'unsupported'
}

function listOf(value: string): string[] {
  return value.toLowerCase().split(',').map(trim)
}

const trim = (text: string): string => text.trim()

import { normalizeHostname } from '../../core/routing/route-request.ts'
import { limits } from '../limits.ts'
import { FieldNames } from './field-names.ts'
import { FieldWalk, joinOptions, listOf, withoutNominated } from './field-walk.ts'
import { describeFault, fieldLines, isToken, Malformed } from './header-block.ts'
import { RecentTexts } from './recent-texts.ts'
import type { RequestFraming, RequestHead } from './request-head.ts'

const none: RequestFraming = { kind: 'none' }
const chunked: RequestFraming = { kind: 'chunked' }
const noNames: readonly string[] = []

// One space between the parts, a visible target, a known version.
const wellFormed = new RegExp(`^[^\\x00-\\x20\\x7f-\\xff]+ [!-~]+ HTTP/1\\.[01]\\r\\n${fieldLines}$`)

const names = new FieldNames([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect', 'accept'],
  ...['via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port', 'x-request-id', 'x-request-start'],
  ...['keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'http2-settings'],
])

const walk = new FieldWalk()

/**
 * Parses a whole head. Where HTTP's parsers are known to disagree (two lengths, odd white space, several hosts...) it
 * refuses, since the dyno's parser might see another request than the router did.
 */
export function parseRequestHead(text: string): RequestHead {
  if (!wellFormed.test(text)) throw new Malformed(describeRequestFault(text))
  const lineEnd = text.indexOf('\r\n')
  if (lineEnd > limits.requestLineBytes) throw new Malformed('request line too long')
  const methodEnd = text.indexOf(' ')
  const method = text.slice(0, methodEnd)
  checkMethod(method)
  const minorVersion = text.charCodeAt(lineEnd - 1) === ONE ? 1 : 0
  // Most request lines and Host fields go on as they are; an absolute target or an older version is written anew.
  const isKept = minorVersion === 1 && text.charCodeAt(methodEnd + 1) === SLASH
  const fields = readFields(text, lineEnd + 2, isKept)
  const { authority, path } = splitTarget(method, text.slice(methodEnd + 1, lineEnd - ' HTTP/1.1'.length), fields.host)
  const nominated = fields.connection === null ? noNames : listOf(fields.connection)
  const passed = nominated === noNames ? walk.passed : withoutNominated(walk.passed, nominated)
  return {
    method,
    target: path,
    authority,
    hostname: knownHostnames.of(authority),
    protocol: minorVersion === 1 ? 'http1.1' : 'http1.0',
    lines: isKept ? passed : `${method} ${path} HTTP/1.1\r\nHost: ${authority}\r\n${passed}`,
    accept: fields.accept,
    via: fields.via,
    forwardedFor: fields.forwardedFor,
    forwardedProto: fields.forwardedProto,
    requestId: fields.requestId,
    framing: framingOf(fields, minorVersion),
    keepAlive: minorVersion === 1 ? !nominated.includes('close') : nominated.includes('keep-alive'),
    upgrade: upgradeOf(fields, nominated, minorVersion),
    expect: expectationOf(fields.expect, minorVersion),
  }
}

const ONE = 0x31

export function checkMethod(method: string): void {
  if (method.length > limits.methodBytes || (!knownMethods.has(method) && !isToken(method)))
    throw new Malformed('bad method')
  if (method === 'CONNECT') throw new Malformed('CONNECT is not supported')
}

const knownMethods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

interface Fields {
  host: string | null
  contentLength: string | null
  transferEncoding: string | null
  connection: string | null
  upgrade: string | null
  expect: string | null
  accept: string
  via: string
  forwardedFor: string
  forwardedProto: string
  requestId: string
}

function readFields(text: string, start: number, isKept: boolean): Fields {
  const fields: Fields = {
    host: null,
    contentLength: null,
    transferEncoding: null,
    connection: null,
    upgrade: null,
    expect: null,
    accept: '',
    via: '',
    forwardedFor: '',
    forwardedProto: '',
    requestId: '',
  }
  walk.begin(text, { passedFrom: isKept ? 0 : start, start }, names, limits.requestHeaderLineBytes)
  while (walk.next()) takeField(fields, walk, isKept)
  return fields
}

/** What is not kept here is hop-by-hop, or said anew by the router. */
function takeField(fields: Fields, { name }: FieldWalk, keepsHost: boolean): void {
  switch (name) {
    case 'host':
      fields.host = once(fields.host, walk.value, 'Host')
      if (keepsHost) walk.keep()
      break
    case 'content-length':
      fields.contentLength = once(fields.contentLength, walk.value, 'Content-Length')
      walk.keep()
      break
    case 'transfer-encoding':
      fields.transferEncoding = once(fields.transferEncoding, walk.value, 'Transfer-Encoding')
      // Not all parsers see a tab as white space here, and whoever doesn't finds no chunks.
      if (walk.hasTab) throw new Malformed('bad Transfer-Encoding')
      break
    case 'connection':
      fields.connection = joinOptions(fields.connection, walk.value)
      break
    case 'upgrade':
      fields.upgrade = once(fields.upgrade, walk.value, 'Upgrade')
      break
    case 'expect':
      fields.expect = once(fields.expect, walk.value, 'Expect')
      break
    case 'accept':
      fields.accept = fields.accept === '' ? walk.value : `${fields.accept}, ${walk.value}`
      walk.keep()
      break
    case 'via':
      fields.via += `${walk.value}, `
      break
    case 'x-forwarded-for':
      fields.forwardedFor += `${walk.value}, `
      break
    case 'x-forwarded-proto':
      fields.forwardedProto = walk.value.toLowerCase()
      break
    case 'x-request-id':
      fields.requestId = walk.value
      break
  }
}

function once(before: string | null, value: string, name: string): string {
  if (before !== null) throw new Malformed(`more than one ${name} header`)
  return value
}

/** An absolute target wins over the Host header (RFC 9112, 3.2.2), and goes on in origin form. */
function splitTarget(method: string, target: string, host: string | null): { authority: string; path: string } {
  // NOTE: HTTP/1.0 may lack the header, but without a host there is no app to find.
  if (host === null) throw new Malformed('no Host header')
  if (target.charCodeAt(0) === SLASH || (target === '*' && method === 'OPTIONS'))
    return { authority: host, path: target }
  const absolute = /^https?:\/\/([^/?#]+)([/?].*)?$/i.exec(target)
  if (!absolute) throw new Malformed('bad target')
  // The whole server is asked for its options by no path at all (RFC 9112, 3.2.4).
  const path = absolute[2] ?? (method === 'OPTIONS' ? '*' : '/')
  return { authority: absolute[1] ?? '', path: path.startsWith('?') ? `/${path}` : path }
}

const SLASH = 0x2f
/** Of a name in the DNS, with its final dot. */
const maxHostnameLength = 254
const hostWithPort = /^([A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/

/** Host names by authority; the same few come with every request. Throws `Malformed`. */
export const knownHostnames = new RecentTexts((authority) => {
  const match = hostWithPort.exec(authority)
  const hostname = match?.[1] ?? ''
  // Longer than any name: each of thousands of labels would be looked for.
  if (hostname === '' || hostname.length > maxHostnameLength) throw new Malformed('bad Host header')
  return normalizeHostname(hostname)
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

function describeRequestFault(text: string): string {
  const lineEnd = text.indexOf('\r\n')
  const line = text.slice(0, lineEnd)
  if (line.length > limits.requestLineBytes) return 'request line too long'
  const parts = line.split(' ')
  if (parts.length !== 3 || parts.includes('')) return 'bad request line'
  if (!/^HTTP\/1\.[01]$/.test(parts[2] ?? '')) return 'unsupported HTTP version'
  if (!/^[!-~]+$/.test(parts[1] ?? '')) return 'bad target'
  if (!isToken(parts[0] ?? '')) return 'bad method'
  return describeFault(text.slice(lineEnd + 2))
}

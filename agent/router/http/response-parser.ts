import { limits } from '../limits.ts'
import { FieldNames } from './field-names.ts'
import { FieldWalk, joinOptions, listOf, withoutNominated } from './field-walk.ts'
import { describeFault, fieldLines, Malformed } from './header-block.ts'

export interface ResponseHead {
  readonly status: number
  /** What goes on to the client: status line, and the fields that nobody has to change, each with its CRLF. */
  readonly lines: string
  /** What Via said, with a final `, ` if anything. */
  readonly via: string
  /** The protocol that a 101 switches to. */
  readonly upgrade: string | null
  readonly framing: ResponseFraming
  /** Whether the dyno will take another request on this connection. */
  readonly keepAlive: boolean
  /** For how long the dyno said it waits for it; null if it didn't. */
  readonly keepAliveMs: number | null
}

export type ResponseFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }

/** A response that is readable but that no client should get (H25). */
export class RestrictionBroken extends Error {}

const none: ResponseFraming = { kind: 'none' }
const chunked: ResponseFraming = { kind: 'chunked' }
const untilClose: ResponseFraming = { kind: 'until-close' }

const wellFormed = new RegExp(`^HTTP/1\\.[01] [1-9]\\d\\d(?: [\\t\\x20-\\x7e\\x80-\\xff]*)?\\r\\n${fieldLines}$`)

const names = new FieldNames([
  ...['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'via', 'set-cookie'],
  ...['proxy-authenticate', 'proxy-connection', 'te', 'http2-settings'],
])

const walk = new FieldWalk()

/** Throws `Malformed` (H17) or `RestrictionBroken` (H25). */
export function parseResponseHead(text: string, requestMethod: string): ResponseHead {
  const lineEnd = text.indexOf('\r\n')
  if (lineEnd > limits.statusLineBytes) throw new RestrictionBroken('oversized status line')
  if (!wellFormed.test(text)) throw new Malformed(describeFault(text.slice(lineEnd + 2)))
  const status = Number(text.slice(9, 12))
  const fields = readFields(text, lineEnd + 2, status)
  // What announces a body wrongly is refused even where there can be none: whoever reads it next may see one.
  const announced = framingOf(fields)
  const framing = hasNoBody(status, requestMethod) ? none : announced
  const nominated = fields.connection === null ? noNames : listOf(fields.connection)
  return {
    status,
    lines: `HTTP/1.1${nominated === noNames ? walk.passed : withoutNominated(walk.passed, nominated)}`,
    via: fields.via,
    upgrade: fields.upgrade,
    framing,
    // A body that is announced where there is none may come all the same, and would be the answer to the next request.
    keepAlive:
      framing !== untilClose &&
      (framing === announced || !isPromised(announced)) &&
      isPersistent(text.charCodeAt(versionEnd - 1) === ONE, nominated, fields),
    keepAliveMs: fields.keepAliveMs,
  }
}

const ONE = 0x31
/** Dynos may answer in HTTP/1.0; what goes on is ours. */
const versionEnd = 'HTTP/1.1'.length

interface Fields {
  contentLength: string | null
  hasSeveralLengths: boolean
  transferEncoding: string | null
  connection: string | null
  keepAliveMs: number | null
  upgrade: string | null
  via: string
}

function readFields(text: string, start: number, status: number): Fields {
  const fields: Fields = {
    contentLength: null,
    hasSeveralLengths: false,
    transferEncoding: null,
    connection: null,
    keepAliveMs: null,
    upgrade: null,
    via: '',
  }
  walk.begin(text, { passedFrom: versionEnd, start }, names, limits.responseHeaderLineBytes)
  try {
    while (walk.next()) takeField(fields, walk, status)
  } catch (error) {
    if (error instanceof Malformed) throw new RestrictionBroken('oversized header')
    throw error
  }
  return fields
}

function takeField(fields: Fields, { name }: FieldWalk, status: number): void {
  switch (name) {
    case 'content-length':
      takeContentLength(fields, status)
      break
    case 'transfer-encoding':
      fields.transferEncoding = join(fields.transferEncoding, walk.hasTab ? 'with a tab' : walk.value.toLowerCase())
      break
    case 'connection':
      fields.connection = joinOptions(fields.connection, walk.value)
      break
    case 'keep-alive': {
      const timeout = /\btimeout=(\d{1,6})\b/i.exec(walk.value)
      if (timeout) fields.keepAliveMs = Number(timeout[1]) * 1000
      break
    }
    case 'upgrade':
      fields.upgrade = walk.value
      break
    case 'via':
      fields.via += `${walk.value}, `
      break
    case 'set-cookie':
      if (walk.value.length > limits.setCookieBytes) throw new RestrictionBroken('oversized cookie')
      walk.keep()
      break
  }
}

/** Said twice alike it goes on once. In a 1xx or a 204 it has no meaning, and confuses some clients. */
function takeContentLength(fields: Fields, status: number): void {
  const { value } = walk
  const isFirst = fields.contentLength === null
  fields.hasSeveralLengths ||= !isFirst && fields.contentLength !== value
  fields.contentLength = value
  if (isFirst && status >= 200 && status !== 204) walk.keep()
}

const noNames: readonly string[] = []
const join = (before: string | null, value: string): string => (before === null ? value : `${before}, ${value}`)

const hasNoBody = (status: number, requestMethod: string): boolean =>
  requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304

function framingOf({ contentLength, hasSeveralLengths, transferEncoding }: Fields): ResponseFraming {
  if (transferEncoding !== null) {
    if (contentLength !== null) throw new RestrictionBroken('invalid content length')
    if (transferEncoding === 'chunked') return chunked
    throw new Malformed('unsupported Transfer-Encoding')
  }
  if (contentLength === null) return untilClose
  if (hasSeveralLengths || !/^\d{1,15}$/.test(contentLength)) throw new RestrictionBroken('invalid content length')
  return { kind: 'length', length: Number(contentLength) }
}

const isPromised = (framing: ResponseFraming): boolean =>
  framing.kind === 'chunked' || (framing.kind === 'length' && framing.length > 0)

/** HTTP/1.0 knows no chunks: where a message with some ends can't be trusted (RFC 9112, 6.1). */
const isPersistent = (isVersion11: boolean, nominated: readonly string[], { transferEncoding }: Fields): boolean =>
  isVersion11 ? !nominated.includes('close') : nominated.includes('keep-alive') && transferEncoding === null

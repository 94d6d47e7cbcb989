import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-parser.ts'

/** What a connection over TLS agreed on. */
export interface Security {
  /** `tls1.3` */
  readonly version: string
  /** The host names of the certificate that was shown. */
  readonly hostnames: readonly string[]
}

/** Where a connection's requests come from. */
export class Origin {
  /** The client's address. */
  readonly address: string
  /** Where it was taken here. */
  readonly port: number
  /** Null: what passes can be read on its way. */
  readonly security: Security | null
  /** What is said of it in each request, up to the request's id. */
  private readonly lines: string
  /** It is a trusted proxy: what it says of its client is taken. */
  readonly isTrusted: boolean

  constructor(address: string, port: number, security: Security | null = null, isTrusted = false) {
    this.isTrusted = isTrusted
    this.address = address
    this.port = port
    this.security = security
    this.lines = `X-Forwarded-Proto: ${security ? 'https' : 'http'}\r\nX-Forwarded-Port: ${port}\r\nX-Request-Id: `
  }

  /** Whether the client itself speaks https, as far as is known. */
  isSecureFor(head: RequestHead): boolean {
    return this.security !== null || (this.isTrusted && head.forwardedProto === 'https')
  }

  linesFor(head: RequestHead): string {
    return this.isTrusted && head.forwardedProto === 'https' ? proxiedLines : this.lines
  }
}

const proxiedLines = 'X-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\nX-Request-Id: '

export interface RequestMarks {
  readonly forwardedFor: string
  readonly requestId: string
  readonly startMs: number
}

const acceptableRequestId = /^[A-Za-z0-9+/=-]{20,200}$/

/** What the router adds to a request so that its way can be followed. */
export function markRequest(head: RequestHead, origin: Origin, startMs: number, makeId: () => string): RequestMarks {
  const { forwardedFor, requestId } = head
  return {
    forwardedFor: forwardChain(forwardedFor, origin),
    requestId: requestId !== '' && acceptableRequestId.test(requestId) ? requestId : makeId(),
    startMs,
  }
}

/** Who asks is last; a trusted proxy names somebody else. */
function forwardChain(said: string, { address, isTrusted }: Origin): string {
  if (said === '') return address
  return isTrusted ? said.slice(0, -', '.length) : said + address
}

export function renderRequestHead(head: RequestHead, origin: Origin, marks: RequestMarks, form: RequestForm): string {
  return (
    `${head.lines}${renderFraming(head, form)}X-Forwarded-For: ${marks.forwardedFor}\r\n${origin.linesFor(head)}` +
    `${marks.requestId}\r\nX-Request-Start: ${marks.startMs}\r\nVia: ${head.via}${via[head.protocol]}\r\n\r\n`
  )
}

const via = { 'http1.0': '1.0 hearth-router', 'http1.1': '1.1 hearth-router', 'http2.0': '2.0 hearth-router' } as const

function renderFraming({ framing, upgrade }: RequestHead, { expectContinue, keepAlive }: RequestForm): string {
  let text = ''
  if (framing.kind === 'chunked') text += 'Transfer-Encoding: chunked\r\n'
  if (expectContinue) text += 'Expect: 100-continue\r\n'
  if (upgrade !== null) text += `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`
  else if (!keepAlive) text += 'Connection: close\r\n'
  return text
}

export interface RequestForm {
  /** Whether the connection may serve another request afterwards. */
  readonly keepAlive: boolean
  /** Leave it to the dyno to say `100 Continue`. */
  readonly expectContinue: boolean
}

export interface ResponseForm {
  readonly minorVersion: 0 | 1
  /** Pass the chunks on as chunks. */
  readonly chunked: boolean
  readonly connection: 'keep-alive' | 'close' | 'upgrade'
}

export function renderResponseHead(head: ResponseHead, form: ResponseForm): string {
  if (head.via === '' && !form.chunked && form.connection === 'keep-alive' && form.minorVersion === 1) {
    return head.lines + plainEnd
  }
  const chunked = form.chunked ? 'Transfer-Encoding: chunked\r\n' : ''
  return `${head.lines}${chunked}Via: ${head.via}${via['http1.1']}\r\n${renderConnection(head, form)}\r\n`
}

const plainEnd = `Via: ${via['http1.1']}\r\n\r\n`

/** 1xx: what precedes the response. */
export const renderInformational = (head: ResponseHead): string => `${head.lines}\r\n`

function renderConnection({ upgrade }: ResponseHead, { connection, minorVersion }: ResponseForm): string {
  if (connection === 'upgrade') return `Connection: Upgrade\r\n${upgrade === null ? '' : `Upgrade: ${upgrade}\r\n`}`
  if (connection === 'close') return 'Connection: close\r\n'
  // Going on is what HTTP/1.1 does anyway.
  return minorVersion === 0 ? 'Connection: keep-alive\r\n' : ''
}

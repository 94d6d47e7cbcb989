import { type Header, renderHeader } from './header-block.ts'
import type { RequestHead } from './request-parser.ts'
import type { ResponseHead } from './response-parser.ts'

const via = '1.1 hearth-router'

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

// `Connection: Host` must not make us strip what the message means or what frames it.
const protectedNames = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'cookie',
  'set-cookie',
  'authorization',
  'date',
  'location',
])

// The router alone says these. Spelled with underscores they would look the same to apps that read headers CGI's way.
const setByRouter = new Set([
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-request-id',
  'x-request-start',
  'via',
])

export interface Origin {
  /** The client's address. */
  readonly address: string
  readonly proto: 'http' | 'https'
  readonly port: number
}

export interface RequestMarks {
  readonly forwardedFor: string
  readonly requestId: string
  readonly startMs: number
}

const acceptableRequestId = /^[A-Za-z0-9+/=-]{20,200}$/

/** What the router adds to a request so that its way can be followed. */
export function markRequest(head: RequestHead, origin: Origin, startMs: number, makeId: () => string): RequestMarks {
  let forwardedFor = ''
  let requestId = ''
  for (const { key, value } of head.headers) {
    if (key === 'x-forwarded-for') forwardedFor += `${value}, `
    else if (key === 'x-request-id') requestId = value
  }
  return {
    forwardedFor: forwardedFor + origin.address,
    requestId: acceptableRequestId.test(requestId) ? requestId : makeId(),
    startMs,
  }
}

export function renderRequestHead(head: RequestHead, origin: Origin, marks: RequestMarks): string {
  let text = `${head.method} ${head.target} HTTP/1.1\r\nHost: ${head.authority}\r\n`
  let viaSoFar = ''
  for (const header of head.headers) {
    const { key } = header
    if (key === 'via') viaSoFar += `${header.value}, `
    // Expect was answered by the router itself.
    if (key === 'host' || key === 'expect' || isStripped(header, head.nominated)) continue
    if (setByRouter.has(key) || (key.includes('_') && setByRouter.has(key.replaceAll('_', '-')))) continue
    text += renderHeader(header.name, header.value)
  }
  if (head.framing.kind === 'chunked') text += 'Transfer-Encoding: chunked\r\n'
  if (head.upgrade !== null) text += `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`
  return (
    `${text}X-Forwarded-For: ${marks.forwardedFor}\r\nX-Forwarded-Proto: ${origin.proto}\r\n` +
    `X-Forwarded-Port: ${origin.port}\r\nX-Request-Id: ${marks.requestId}\r\nX-Request-Start: ${marks.startMs}\r\n` +
    `Via: ${viaSoFar}${via}\r\n\r\n`
  )
}

export interface ResponseForm {
  readonly minorVersion: 0 | 1
  /** Pass the chunks on as chunks. */
  readonly chunked: boolean
  readonly connection: 'keep-alive' | 'close' | 'upgrade'
}

export function renderResponseHead(head: ResponseHead, form: ResponseForm): string {
  let text = `HTTP/1.1 ${head.status} ${head.reason}\r\n`
  let viaSoFar = ''
  for (const header of head.headers) {
    if (header.key === 'via') {
      viaSoFar += `${header.value}, `
    } else if (header.key === 'upgrade' && form.connection === 'upgrade') {
      text += renderHeader('Upgrade', header.value)
    } else if (!isStripped(header, head.nominated)) {
      text += renderHeader(header.name, header.value)
    }
  }
  if (form.chunked) text += 'Transfer-Encoding: chunked\r\n'
  return `${text}Via: ${viaSoFar}${via}\r\n${renderConnection(form)}\r\n`
}

/** 1xx: what precedes the response. */
export function renderInformational(head: ResponseHead): string {
  const lines = head.headers.filter((header) => !isStripped(header, head.nominated))
  return `HTTP/1.1 ${head.status} ${head.reason}\r\n${lines.map(({ name, value }) => renderHeader(name, value)).join('')}\r\n`
}

function renderConnection({ connection, minorVersion }: ResponseForm): string {
  if (connection === 'upgrade') return 'Connection: Upgrade\r\n'
  if (connection === 'close') return 'Connection: close\r\n'
  // Going on is what HTTP/1.1 does anyway.
  return minorVersion === 0 ? 'Connection: keep-alive\r\n' : ''
}

function isStripped({ key }: Header, nominated: readonly string[]): boolean {
  if (hopByHop.has(key)) return true
  return nominated.length > 0 && nominated.includes(key) && !protectedNames.has(key)
}

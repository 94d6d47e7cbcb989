import type { RoutingCode } from '../../core/routing/routing-codes.ts'
import type { RequestMarks } from '../http/forward-head.ts'
import type { RequestHead } from '../http/request-head.ts'

export interface LoggedRequest {
  readonly code: RoutingCode | null
  /** What exactly was wrong, where a code covers several faults. */
  readonly cause: string | null
  readonly head: RequestHead
  readonly marks: RequestMarks
  readonly dyno: string | null
  readonly connectMs: number | null
  readonly serviceMs: number | null
  readonly status: number | null
  readonly bytes: number | null
  /** `tls1.3`; null over http. */
  readonly tlsVersion: string | null
}

/**
 * Heroku's line for one request, in its order:
 *
 *     at=info method=GET path="/x?y=1" host=www.example.de request_id=407b... fwd="203.0.113.9" dyno=web.1
 *     connect=1ms service=459ms status=200 bytes=15225 protocol=http1.1 tls=false
 */
export function formatLogLine(request: LoggedRequest): string {
  const { head, marks } = request
  return (
    `${formatOutcome(request)} method=${head.method} path="${quotable(head.target)}" host=${head.hostname}` +
    ` request_id=${marks.requestId} fwd="${quotable(marks.forwardedFor)}" dyno=${request.dyno ?? ''}` +
    ` connect=${milliseconds(request.connectMs)} service=${milliseconds(request.serviceMs)}` +
    ` status=${request.status ?? ''} bytes=${request.bytes ?? ''} protocol=${head.protocol} ` +
    `${formatTls(request)}${request.code?.code === 'H31' ? formatAgent(head) : ''}`
  )
}

const formatTls = ({ tlsVersion }: LoggedRequest): string =>
  tlsVersion === null ? 'tls=false' : `tls=true tls_version=${tlsVersion}`

/** Mostly programs that found the place long ago ask at the wrong one: Heroku says which. */
const formatAgent = ({ lines }: RequestHead): string =>
  ` agent="${quotable(/\r\nuser-agent: ([^\r]*)/i.exec(lines)?.[1] ?? '')}"`

function formatOutcome({ code, cause }: LoggedRequest): string {
  if (code === null) return 'at=info'
  const sock = code.sock ? `sock=${code.sock} ` : ''
  const begin = `${sock}at=${code.at} code=${code.code} desc="${code.desc}`
  if (cause === null) return `${begin}"`
  // Heroku says the cause of one code within the description.
  return code.code === 'H25' ? `${begin}: ${cause}"` : `${begin}" cause="${cause}"`
}

const milliseconds = (duration: number | null): string => (duration === null ? '' : `${Math.round(duration)}ms`)

// A quote would end the field early, a backslash keep it from ending, and a byte above ASCII has no agreed character.
const unquotable = /["\\\t\x80-\xff]/
const quotable = (text: string): string =>
  unquotable.test(text) ? text.replace(/["\\\t\x80-\xff]/g, (character) => `%${hex(character)}`) : text

const hex = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')

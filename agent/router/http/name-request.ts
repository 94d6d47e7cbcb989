import { normalizeHostname } from '../../core/routing/route-request.ts'
import { type RequestHead, unreadable } from './request-head.ts'

const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,127}) ([!-~]{1,8192}) HTTP\/1\.([01])\r\n/
const hostLine = /\r\nhost:[ \t]*([A-Za-z0-9.-]{1,253})(?::\d{0,5})?[ \t]*(?=\r\n)/gi

/**
 * What a malformed head seems to ask for, so that its app's log can tell of it. Null when not even that is clear. Nothing is routed
 * by this.
 */
export function nameRequest(text: string): RequestHead | null {
  const line = requestLine.exec(text)
  const hosts = [...text.matchAll(hostLine)]
  const authority = hosts[0]?.[1]
  if (!line || authority === undefined || hosts.length !== 1) return null
  const [, method = '', target = '', minorVersion] = line
  const protocol = minorVersion === '1' ? 'http1.1' : 'http1.0'
  return { ...unreadable, method, target, authority, hostname: normalizeHostname(authority), protocol }
}

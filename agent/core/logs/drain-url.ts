import { HearthError } from '../../contract/errors.ts'

const schemes = ['https:', 'http:', 'syslog+tls:', 'syslog:']

/** Where a drain leads. */
export interface DrainPlace {
  readonly kind: 'http' | 'syslog'
  readonly isEncrypted: boolean
  readonly host: string
  readonly port: number
  readonly url: URL
}

/** The message never repeats the URL, which may hold a password. */
export function parseDrainUrl(text: string): DrainPlace {
  const url = URL.canParse(text) ? new URL(text) : null
  const kind = url && schemes.includes(url.protocol) ? (url.protocol.startsWith('http') ? 'http' : 'syslog') : null
  const port = url === null ? 0 : Number(url.port || defaultPort(url.protocol))
  if (url === null || kind === null || url.hostname === '' || port === 0) {
    throw new HearthError(
      'invalid_params',
      'Url is invalid: a drain is https://host/path, http://host/path, syslog+tls://host:port or syslog://host:port.',
    )
  }
  const isEncrypted = url.protocol === 'https:' || url.protocol === 'syslog+tls:'
  return { kind, isEncrypted, host: url.hostname.replace(/^\[|\]$/g, ''), port, url }
}

/** Syslog's is 514 without and 6514 with TLS (RFC 5425). */
function defaultPort(protocol: string): number {
  return { 'https:': 443, 'http:': 80, 'syslog+tls:': 6514, 'syslog:': 514 }[protocol] ?? 0
}

import type { IncomingHttpHeaders } from 'node:http'

type Headers = Record<string, string | string[]>

/** Of one connection only (RFC 9110, 7.6.1), or said anew by us. */
const ofConnection = new Set([
  'connection',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Not for the agent: our own token and whatever else proves something elsewhere; answers that we could not rewrite; what
 * only we may say to it.
 */
const notForAgent = /^(authorization|cookie|referer|forwarded|accept-encoding|proxy-.*|x-forwarded-.*|hearth-.*)$/

/** A client's headers as the agent gets them. */
export function requestHeaders(headers: IncomingHttpHeaders): Headers {
  return select(headers, (name) => !notForAgent.test(name))
}

/**
 * A server is not trusted with a client of this computer: it may describe its answer, but not send it elsewhere, set
 * cookies or open the answer to web pages.
 */
const forClient = new RegExp(
  `^(${[
    'accept-ranges',
    'age',
    'allow',
    'cache-control',
    'content-(type|length|language|disposition|encoding|range)',
    'date',
    'etag',
    'expires',
    'last-modified',
    'next-range',
    'oauth-.*',
    'ratelimit-.*',
    'request-id',
    'retry-after',
    'vary',
    'warning(-message)?',
    'x-heroku-.*',
    'heroku-.*',
    'hearth-.*',
  ].join('|')})$`,
)

/** The agent's headers as the client gets them. */
export function answerHeaders(headers: IncomingHttpHeaders): Headers {
  return select(headers, (name) => forClient.test(name))
}

function select(headers: IncomingHttpHeaders, isWanted: (name: string) => boolean): Headers {
  const nominated = (headers.connection ?? '').toLowerCase().split(/[\s,]+/)
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] =>
      entry[1] !== undefined && !ofConnection.has(entry[0]) && !nominated.includes(entry[0]) && isWanted(entry[0]),
  )
  return Object.fromEntries(kept)
}

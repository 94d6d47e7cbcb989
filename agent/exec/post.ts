import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'

export interface PostOptions {
  readonly headers: Readonly<Record<string, string | number>>
  readonly signal: AbortSignal
  /** Of silence. */
  readonly timeoutMs: number
  readonly lookup: LookupFunction | undefined
  /** Keeps its connections. */
  readonly agent?: http.Agent
}

/** The status of the answer, once that has ended; no redirection is followed. Throws when there is no answer. */
export function post(url: URL, bytes: Uint8Array, options: PostOptions): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http
  const { headers, signal, timeoutMs, lookup, agent } = options
  return new Promise<number>((resolve, reject) => {
    const sent = request(
      url,
      {
        ...{ method: 'POST', signal, timeout: timeoutMs },
        headers: { ...headers, 'content-length': bytes.length },
        ...(lookup && { lookup }),
        ...(agent && { agent }),
      },
      (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode ?? 0))
        response.once('error', reject)
      },
    )
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)))
    sent.once('error', reject)
    sent.end(bytes)
  })
}

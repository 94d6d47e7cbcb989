import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { guardedLookup, isGuarded, refusal } from './guarded-lookup.ts'

const maximumRedirects = 5

export interface DownloadOptions {
  readonly signal: AbortSignal
  /** False: nothing is fetched from addresses that only the server itself has, whatever leads there. */
  readonly allowsOwnAddresses: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** The answer to a GET of an http(s) URL, redirections followed. The body has to be read or destroyed. */
export async function openDownload(url: string, options: DownloadOptions): Promise<IncomingMessage> {
  let target = new URL(url)
  for (let redirects = 0; ; redirects++) {
    const response = await get(target, options)
    const { statusCode = 0, headers } = response
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return response
    response.destroy()
    if (redirects === maximumRedirects) throw new Error(`more than ${maximumRedirects} redirections`)
    target = new URL(headers.location, target)
    if (!/^https?:$/.test(target.protocol)) throw new Error(`a redirection to ${target.protocol}`)
  }
}

function get(url: URL, { signal, allowsOwnAddresses, headers }: DownloadOptions): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // An address that is written out is not looked up.
  if (!allowsOwnAddresses && isIP(host) !== 0 && isGuarded(host)) return Promise.reject(refusal(host))
  const lookup = allowsOwnAddresses ? {} : { lookup: guardedLookup as LookupFunction }
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    request(url, { signal, headers: { 'user-agent': 'hearth-agent', accept: '*/*', ...headers }, ...lookup }, resolve)
      .once('error', reject)
      .end()
  })
}

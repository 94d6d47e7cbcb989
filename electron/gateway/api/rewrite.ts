import { appName } from '../../../agent/contract/common.ts'
import { parseOwnPath } from './own-path.ts'

/** Where the gateway's own addresses begin: `http://127.0.0.1:8801`, and the one of terminals. */
export interface OwnAddress {
  readonly base: string
  /** `/attach/SECRET` as an address that a client can open a terminal at. */
  readonly attachUrl: (secret: string) => string
  /** Where a browser of this computer reaches an app; null when it can't. */
  readonly appUrl: (app: string) => string | null
}

/**
 * The agent's answers name its own paths. In exactly these fields they become addresses of the gateway. A server is not
 * trusted: whatever else it put there would send the client, with what it knows, to a place of the server's choice, so it
 * is dropped.
 */
const fields: Readonly<Record<string, (value: string, own: OwnAddress) => string | null>> = {
  logplex_url: sealedUrl,
  output_stream_url: sealedUrl,
  put_url: sealedUrl,
  get_url: sealedUrl,
  attach_url: (value, { attachUrl }) => {
    const path = parseOwnPath(value)
    return path.kind === 'attach' ? attachUrl(path.secret) : null
  },
}

function sealedUrl(value: string, { base }: OwnAddress): string | null {
  return parseOwnPath(value).kind === 'sealed' ? base + value : null
}

export function rewriteAnswer(answer: unknown, own: OwnAddress): unknown {
  if (Array.isArray(answer)) return answer.map((item) => rewriteAnswer(item, own))
  if (answer === null || typeof answer !== 'object') return answer
  const fields = Object.entries(answer).map(([key, value]) => [key, rewriteField(key, value, own)])
  return addWebUrl(Object.fromEntries(fields), own)
}

/** An app without a domain is reached through the desktop alone. The client opens the address and can not be without one. */
function addWebUrl(answer: Readonly<Record<string, unknown>>, { appUrl }: OwnAddress): unknown {
  if (answer.web_url !== null) return answer
  const { success, data } = appName.safeParse(answer.name)
  const url = success ? appUrl(data) : null
  return url === null ? answer : { ...answer, web_url: `${url}/` }
}

function rewriteField(key: string, value: unknown, own: OwnAddress): unknown {
  // A slug's archive: the one address whose own name is too plain to be known by.
  if (key === 'blob' && isRecord(value) && 'url' in value) {
    return { ...value, url: typeof value.url === 'string' ? sealedUrl(value.url, own) : null }
  }
  const rewrite = Object.hasOwn(fields, key) ? fields[key] : undefined
  if (!rewrite) return rewriteAnswer(value, own)
  return typeof value === 'string' ? rewrite(value, own) : null
}

/** A config var may have any name, those of the fields included: these answers hold no address of ours. */
export function isRewritten(path: string): boolean {
  return !/\/config-vars$/.test(path.split('?')[0] ?? '')
}

/** A source that the client was told of under our address is one of the agent's own again. */
export function rewriteSource(body: unknown, ownNames: readonly string[]): unknown {
  if (!isRecord(body) || !isRecord(body.source_blob)) return body
  const { url } = body.source_blob
  if (typeof url !== 'string') return body
  const [, host = '', path = ''] = /^https?:\/\/([^/]+)(\/source-blobs\/[\w-]+)$/.exec(url) ?? []
  if (!ownNames.includes(host)) return body
  return { ...body, source_blob: { ...body.source_blob, url: path } }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

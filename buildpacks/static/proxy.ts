import { type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http'
import { request as requestHttps } from 'node:https'
import { pipeline } from 'node:stream/promises'

/** `proxies` of static.json: what is below the address `from` another server answers, its path behind that of `origin`. */
export interface Backend {
  /** `/api/` */
  readonly from: string
  /** `https://api.example.com/v1`, in which `${NAME}` stands for a config var. */
  readonly origin: string
}

/** Of one connection, and so not for the next one. */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']
const timeoutMs = 60_000

/** With config vars put in. Throws on one that is not set, and on what is no address. */
export function resolveProxies(
  proxies: readonly Backend[],
  configVars: Readonly<Record<string, string | undefined>>,
): Backend[] {
  return proxies.map(({ from, origin }) => {
    const resolved = origin.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = configVars[name]
      if (value) return value
      throw new Error(`static.json, proxies "${from}": set the config var ${name}.`)
    })
    if (/^https?:$/.test(URL.parse(resolved)?.protocol ?? '')) return { from, origin: resolved }
    throw new Error(`static.json, proxies "${from}": '${resolved}' is not an address of a server.`)
  })
}

/** `target` is what the request asks for, as it came. */
export function findProxy(proxies: readonly Backend[], target: string): Backend | null {
  const [pathname = ''] = target.split('?')
  return proxies.find(({ from }) => `${pathname}/`.startsWith(from.replace(/\/?$/, '/'))) ?? null
}

/** Hands a request on and its answer back. Throws when the other server does not answer; nothing was sent then. */
export async function forward(proxy: Backend, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { from, origin } = proxy
  const rest = (request.url ?? '').slice(from.replace(/\/$/, '').length).replace(/^\/+/, '').replaceAll('\\', '%5C')
  const base = origin.replace(/\/$/, '')
  const target = new URL(`${base}/${rest}`)
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const headers = { ...withoutConnection(request.headers), host: target.host }
  const onward = send(target, { method: request.method ?? 'GET', headers, timeout: timeoutMs })
  onward.once('timeout', () => onward.destroy(new Error('it did not answer in time')))
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    onward.once('response', resolve).once('error', reject),
  )
  // What ends the way there ends the waiting for an answer too.
  pipeline(request, onward).catch((error: Error) => onward.destroy(error))
  const answer = await answered
  const back = withoutConnection(answer.headers)
  // Its own addresses are reached through this one.
  if (back.location?.startsWith(`${base}/`))
    back.location = from.replace(/\/?$/, '/') + back.location.slice(base.length + 1)
  response.writeHead(answer.statusCode ?? 502, back)
  await pipeline(answer, response)
}

function withoutConnection(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)))
}

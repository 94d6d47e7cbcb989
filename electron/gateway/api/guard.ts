import type { IncomingMessage } from 'node:http'
import { HearthError } from '../../../agent/contract/errors.ts'
import { explainTarget } from './own-path.ts'

/**
 * Throws for what no client of the API sends: another host's name (a web page that made its name resolve to 127.0.0.1),
 * an origin (a web page at all), a target that is not a plain path. One with our own address before it becomes the path:
 * `heroku logs` of 10.17 takes the gateway for its proxy, and whoever serves must understand that (RFC 9112, 3.2.2).
 */
export function guardRequest(request: IncomingMessage, port: number): void {
  const hosts = valuesOf(request, 'host')
  if (hosts.length !== 1 || !ownNames(port).includes(hosts[0]?.toLowerCase() ?? ''))
    throw new HearthError('forbidden', `This gateway answers as ${ownNames(port).join(' and ')} only.`)
  if (request.headers.origin !== undefined)
    throw new HearthError('forbidden', 'This gateway serves programs of this computer and no web page.')
  request.url = withoutAddress(request.url ?? '', port)
  if (!request.url.startsWith('/'))
    throw new HearthError('forbidden', 'This gateway is no proxy: it answers paths of its own address only.')
  const fault = explainTarget(request.url)
  if (fault !== null) throw new HearthError('bad_request', fault)
}

export const ownNames = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`]

function withoutAddress(target: string, port: number): string {
  const own = ownNames(port).find((name) => target.toLowerCase().startsWith(`http://${name}/`))
  return own === undefined ? target : target.slice(`http://${own}`.length)
}

function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
}

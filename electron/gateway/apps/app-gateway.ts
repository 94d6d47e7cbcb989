import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { HearthError } from '../../../agent/contract/errors.ts'
import { listen } from '../listen.ts'
import { chooseTarget, type GatewayTarget, hostLabel, parseHost } from './app-host.ts'
import { renderPage } from './gateway-page.ts'
import { type FindServers, rememberServers } from './remember-servers.ts'
import { Upstream } from './upstream.ts'

export interface GatewayOptions {
  /** Tried first; then the next ones, then any. */
  readonly port: number
  /** Every server that has an app of this name, online or not. */
  readonly findServers: FindServers
  /** A connection to where that server's router takes HTTP. Throws `unavailable` while it is offline. */
  readonly openRouter: (serverId: string) => Promise<Duplex>
}

export interface Gateway {
  readonly port: number
  /** `http://shop.localhost:8780`, or with a server's name `http://shop.nas.localhost:8780` */
  urlOf(app: string, serverName?: string): string
  close(): Promise<void>
}

export const defaultGatewayPort = 8780
const triedPorts = 20
const maximumHeadBytes = 16 * 1024
const headTimeoutMs = 10_000

/**
 * Every app under a name of its own on this computer, without DNS and through the connection that the desktop has
 * anyway. Each request is routed by its own Host, so a connection that is kept never carries one app's request to
 * another's server.
 */
export async function openGateway(given: GatewayOptions): Promise<Gateway> {
  const options = { ...given, findServers: rememberServers(given.findServers) }
  const upstream = new Upstream(options.openRouter)
  const servers = [openServer(options, upstream)]
  const port = await listenNear(servers[0] as Server, options.port)
  const second = openServer(options, upstream)
  // Some browsers try ::1 first for localhost; without IPv6 the first server is enough.
  if (await listen(second, port, '::1')) servers.push(second)
  return {
    port,
    urlOf: (app, serverName) => `http://${app}${serverName ? `.${hostLabel(serverName)}` : ''}.localhost:${port}`,
    async close() {
      upstream.close()
      await Promise.all(servers.map(closeServer))
    },
  }
}

function openServer(options: GatewayOptions, upstream: Upstream): Server {
  const server = http.createServer({
    maxHeaderSize: maximumHeadBytes,
    headersTimeout: headTimeoutMs,
    connectionsCheckingInterval: 1_000,
    // An upload may take as long as it takes; the router has limits of its own.
    requestTimeout: 0,
    keepAliveTimeout: 60_000,
  })
  server.on('request', (request, response) => {
    answer(request, options, (target) => upstream.forward(request, response, target)).catch((error) => {
      if (!response.headersSent) sendPage(response, pageOf(error))
      else response.destroy()
    })
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    answer(request, options, (target) => upstream.upgrade(request, socket, head, target)).catch((error) => {
      if (!socket.destroyed) socket.end(rawPage(pageOf(error)))
    })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy()
    else socket.end(rawPage(malformed(error.code)))
  })
  server.on('connection', (socket) => socket.setNoDelay(true))
  return server
}

/** Finds whose request it is and passes it on; throws a Page when there is nobody. */
async function answer(
  request: IncomingMessage,
  { findServers }: GatewayOptions,
  pass: (target: GatewayTarget & { host: string }) => Promise<void>,
): Promise<void> {
  // A target with a host of its own would tell the router another app than it tells us.
  if (!request.url?.startsWith('/')) throw malformed(undefined)
  const host = parseHost(request.headers.host)
  if (host.kind === 'foreign') throw new Page(421, 'Not an app', ['This address serves apps as <name>.localhost only.'])
  const choice = chooseTarget(host, await findServers(host.app))
  const port = (request.socket.address() as AddressInfo).port
  switch (choice.kind) {
    case 'target':
      // With the port, which the router ignores and redirects of the app need.
      await pass({ ...choice.target, host: `${host.app}.localhost:${port}` })
      return
    case 'none':
      throw new Page(404, 'No such app', [
        `Hearth knows no app named ${host.app}${host.server === null ? '' : ` on ${host.server}`}.`,
        "Look at the app's page in Hearth for its address.",
      ])
    case 'ambiguous':
      throw new Page(404, 'Which server?', [
        `Several servers have an app named ${host.app}. Use one of these addresses:`,
        ...choice.hosts.map((name) => `http://${name}:${port}`),
      ])
  }
}

/** An answer of the gateway itself. */
class Page extends Error {
  readonly status: number
  readonly html: string

  constructor(status: number, title: string, paragraphs: readonly string[]) {
    super(title)
    this.status = status
    this.html = renderPage(title, paragraphs)
  }
}

function pageOf(error: unknown): Page {
  if (error instanceof Page) return error
  const reason = error instanceof HearthError ? error.message : 'The connection to the server broke.'
  return new Page(503, 'The server is away', [reason, 'Reload when Hearth shows the server as online.'])
}

function malformed(code: string | undefined): Page {
  if (code === 'HPE_HEADER_OVERFLOW') return new Page(431, 'Too much to read', ['The head of the request is too long.'])
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Page(408, 'Too slow', ['The request did not arrive in time.'])
  return new Page(400, 'Not understood', ['That is not a request that can be understood.'])
}

function sendPage(response: ServerResponse, { status, html }: Page): void {
  response.writeHead(status, { ...pageHeaders, 'content-length': Buffer.byteLength(html), connection: 'close' })
  response.end(html)
}

function rawPage({ status, html }: Page): string {
  const headers = { ...pageHeaders, 'content-length': String(Buffer.byteLength(html)), connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join('')}\r\n${html}`
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
} as const

async function listenNear(server: Server, wanted: number): Promise<number> {
  for (let port = wanted; wanted > 0 && port < wanted + triedPorts && port <= 65_535; port += 1)
    if (await listen(server, port)) return port
  if (await listen(server, 0)) return (server.address() as AddressInfo).port
  throw new HearthError('unavailable', 'The gateway found no free port on 127.0.0.1.')
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

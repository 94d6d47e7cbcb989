import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { Answers } from '../bridge/answers.ts'
import { type BridgeLog, serveBridge } from '../bridge/serve.ts'
import { readStaticFile } from '../page/files.ts'
import { isOwnHost, isOwnOrigin, securityHeaders, Visitors } from './security.ts'
import { wireOf } from './websocket-wire.ts'

export interface BrowserShellOptions {
  readonly answers: Answers
  /** The built renderer. */
  readonly rendererDirectory: string
  /** 0 takes a free one. */
  readonly port: number
  readonly log: BridgeLog
}

export interface BrowserShell {
  /** Opens the window once; ask again for another browser. */
  issueUrl(): string
  close(): Promise<void>
}

/**
 * The same renderer and core in a browser tab: a server on 127.0.0.1 alone, behind a one-time ticket in the URL, then
 * a cookie.
 */
export async function openBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const visitors = new Visitors()
  const server = createServer((request, response) => void answerPage(request, response, visitors, options, port()))
  const sockets = serveSockets(server, visitors, options, () => port())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  function port() {
    return (server.address() as AddressInfo).port
  }
  return {
    issueUrl: () => `http://127.0.0.1:${port()}/open?ticket=${visitors.issueTicket()}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answerPage(
  request: IncomingMessage,
  response: ServerResponse,
  visitors: Visitors,
  { rendererDirectory, log }: BrowserShellOptions,
  port: number,
): Promise<void> {
  try {
    if (!isOwnHost(request, port)) {
      refuse(response, 421, 'This address serves Hearth under its own name only.')
      return
    }
    const url = new URL(request.url ?? '/', 'http://hearth')
    if (url.pathname === '/open') {
      redeem(request, response, visitors, url.searchParams.get('ticket') ?? '')
      return
    }
    const isInside = url.pathname.startsWith(visitors.room)
    if (!isInside || !visitors.isKnown(request)) {
      refuse(response, 403, 'Open Hearth with the URL that it printed at its start; each URL works once.')
      return
    }
    const file =
      request.method === 'GET'
        ? await readStaticFile(rendererDirectory, url.pathname.slice(visitors.room.length - 1))
        : null
    if (!file) refuse(response, 404, 'There is no such page in Hearth.')
    else response.writeHead(200, { ...securityHeaders, 'content-type': file.contentType }).end(file.content)
  } catch (error) {
    log.error('The browser shell could not answer', error)
    refuse(response, 500, 'Hearth could not answer; its log says why.')
  }
}

/** A reload of the printed URL by the browser that used it is no second visitor. */
function redeem(request: IncomingMessage, response: ServerResponse, visitors: Visitors, ticket: string): void {
  const cookies = visitors.redeem(ticket)
  const headers = { ...securityHeaders, location: visitors.room }
  if (cookies) response.writeHead(302, { ...headers, 'set-cookie': cookies }).end()
  else if (visitors.isBack(request, ticket)) response.writeHead(302, headers).end()
  else refuse(response, 403, 'This URL was used already or is not from this start of Hearth.')
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`)
}

function serveSockets(
  server: Server,
  visitors: Visitors,
  { answers, log }: BrowserShellOptions,
  port: () => number,
): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 8 << 20 })
  server.on('upgrade', (request, socket, head) => {
    const isWelcome =
      request.url === `${visitors.room}bridge` &&
      isOwnHost(request, port()) &&
      isOwnOrigin(request, port()) &&
      visitors.isKnown(request)
    if (!isWelcome) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => serveBridge(wireOf(opened), answers, log))
  })
  return sockets
}

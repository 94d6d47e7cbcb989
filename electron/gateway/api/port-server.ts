import http, { type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'
import { HearthError } from '../../../agent/contract/errors.ts'
import { isRendezvous, openRendezvous } from '../attach/rendezvous.ts'
import { openSshTerminal } from '../attach/ssh-terminal.ts'
import type { Authority } from '../tls/authority.ts'
import { errorMessage, jsonMessage, renderMessage } from './answer.ts'
import { answerRequest, type PortContext } from './answer-request.ts'
import { openTunnel } from './containment.ts'
import { guardRequest } from './guard.ts'
import { parseOwnPath } from './own-path.ts'
import { peekBytes } from './peek.ts'

const maximumHeadBytes = 16 * 1024
/** For a client that opens a connection and says nothing, or never comes to the end of its head. */
const usualPatienceMs = 10_000
const maximumConnections = 512
/** The first byte of a TLS handshake. */
const tlsHandshake = 0x16

/**
 * What listens on one server's port: HTTP, the same inside TLS, terminals by rendezvous inside TLS, and the containment
 * proxy. `context` is asked for with each connection, since the port is known only once it is listened on.
 */
export class PortServer {
  readonly server: Server
  readonly #context: () => PortContext
  readonly #authority: Authority
  readonly #patienceMs: number
  readonly #sockets = new Set<Socket>()
  readonly #takeHttp: (socket: Duplex) => void

  constructor(context: () => PortContext, authority: Authority, patienceMs = usualPatienceMs) {
    this.#context = context
    this.#authority = authority
    this.#patienceMs = patienceMs
    this.server = http.createServer({
      maxHeaderSize: maximumHeadBytes,
      headersTimeout: patienceMs,
      connectionsCheckingInterval: Math.min(1_000, patienceMs),
      // An upload may take as long as it takes; the agent has limits of its own.
      requestTimeout: 0,
      keepAliveTimeout: 60_000,
    })
    this.server.maxConnections = maximumConnections
    const [takeHttp] = this.server.listeners('connection')
    this.#takeHttp = (socket) => {
      takeHttp?.call(this.server, socket)
      // It was paused by whoever looked at its first bytes.
      socket.resume()
    }
    this.server.removeAllListeners('connection')
    this.server.on('connection', (socket: Socket) => void this.#take(socket))
    this.server.on('request', (request, response) => void answerRequest(request, response, this.#context()))
    this.server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head))
    this.server.on('connect', (request, socket, head) => this.#connect(request, socket, head))
    this.server.on('clientError', refuseMalformed)
  }

  /** Ends what is open; new connections are taken on. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    this.dropConnections()
    await closed
  }

  async #take(socket: Socket): Promise<void> {
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    await this.#sniff(socket, socket)
  }

  /** `raw` is the connection itself, `stream` what is said on it: another one for a client that came by our own proxy. */
  async #sniff(stream: Duplex, raw: Duplex): Promise<void> {
    const first = await peekBytes(stream, () => true, this.#patienceMs)
    if (!first) raw.destroy()
    else if (first[0] === tlsHandshake) await this.#secure(stream, raw)
    else this.#takeHttp(stream)
  }

  async #secure(stream: Duplex, raw: Duplex): Promise<void> {
    const { key, certificate } = await this.#authority.leaf()
    const secureContext = createSecureContext({ key, cert: certificate })
    const secured = new TLSSocket(stream as Socket, { isServer: true, secureContext })
    // The socket below is whole then, and its own error handler ends it.
    secured.on('error', () => raw.destroy())
    raw.once('close', () => secured.destroy())
    const first = await peekBytes(secured, isTelling, this.#patienceMs)
    if (!first) raw.destroy()
    else if (isRendezvous(first)) await openRendezvous(secured, raw, this.#context())
    else this.#takeHttp(secured)
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const context = this.#context()
    try {
      guardRequest(request, context.port)
      const path = parseOwnPath(request.url ?? '')
      const attachment = path.kind === 'attach' ? context.attachments.take(path.secret, context.serverId) : null
      if (path.kind !== 'attach' || !attachment)
        throw new HearthError('not_found', 'There is no such terminal, or not any more: each is opened once.')
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: tcp\r\n\r\n')
      if (head.length > 0) socket.unshift(head)
      await openSshTerminal(socket, path.secret, attachment, context)
    } catch (error) {
      socket.end(renderMessage(errorMessage(error)))
    }
  }

  #connect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    openTunnel(request.url ?? '', socket, head, {
      port: this.#context().port,
      openOwn: () => void this.#sniff(socket, socket),
    })
  }
}

/** Enough to tell HTTP (`GET `) from a rendezvous (one line with a secret). */
function isTelling(seen: Buffer): boolean {
  return seen.includes('\r\n') || seen.includes(' ') || seen.length > 300
}

function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [status, why] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, `The head of the request is longer than ${maximumHeadBytes} bytes.`]
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'The request did not arrive in time.']
        : [400, 'That is not a request that can be understood.']
  socket.end(renderMessage(jsonMessage(status as number, { id: 'bad_request', message: why })))
}

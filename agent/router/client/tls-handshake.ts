import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import { chooseCertificate } from '../../core/domains/certificate-names.ts'
import { Deadline } from '../deadline.ts'
import { Origin, type Security } from '../http/forward-head.ts'
import { limits } from '../limits.ts'
import { type ClientHello, readClientHello } from '../tls/client-hello.ts'
import { layOver } from '../wire.ts'
import type { RouterClient } from './client-host.ts'
import { renderErrorAnswer, tlsExpected } from './error-page.ts'
import type { TlsHost } from './tls-host.ts'

/** Only for who wants to see the answer to a challenge (RFC 8737). */
const challengeProtocol = 'acme-tls/1'
const protocols = ['h2', 'http/1.1', 'http/1.0']
const nothing = Buffer.alloc(0)

// RFC 8446, 6: fatal alerts in a record of their own
const alert = (description: number): Buffer => Buffer.from([21, 3, 3, 0, 2, 2, description])
const decodeError = alert(50)
const internalError = alert(80)
const unrecognizedName = alert(112)

/**
 * A client on its way to TLS. Its first message is read before TLS sees it: who is asked for decides what is shown, and whether
 * anything is.
 */
export class TlsHandshake implements RouterClient {
  readonly origin: Origin
  isCounted = false
  isUnwelcome = false
  readonly isIdle = false
  readonly socket: Socket
  private readonly host: TlsHost
  private readonly deadline = new Deadline()
  private read: Buffer = nothing
  private secure: TLSSocket | null = null

  constructor(socket: Socket, origin: Origin, host: TlsHost) {
    this.socket = socket
    this.origin = origin
    this.host = host
    this.deadline.restart(host.timeouts.handshakeMs)
    socket.on('data', this.onData)
    socket.on('error', () => {}) // 'close' follows.
    socket.on('close', this.onClose)
    socket.resume()
  }

  sweep(now: number): void {
    if (this.deadline.isOver(now)) this.forceClose()
  }

  /** The router stops: whoever has just come has a request to make. */
  stop(): void {
    this.deadline.restart(this.host.timeouts.lingerMs)
  }

  evict(): void {
    this.socket.destroy()
  }

  forceClose(): void {
    this.socket.destroy()
  }

  private readonly onData = (chunk: Buffer): void => {
    // In one: put together anew from all its drops, a message of 16,000 of them took 19 s.
    const read = Buffer.concat([this.read, chunk])
    this.read = read
    const hello = readClientHello(read)
    if (hello === 'more' && read.length <= limits.clientHelloBytes) return
    this.socket.off('data', this.onData)
    this.socket.pause()
    this.read = nothing
    if (typeof hello === 'string') return this.refuse(isHttp(read) ? plainAnswer() : decodeError)
    this.socket.unshift(read)
    this.begin(hello)
  }

  private begin(hello: ClientHello): void {
    const isChallenge = hello.protocols.includes(challengeProtocol)
    const shown = isChallenge ? this.proofFor(hello) : this.certificateFor(hello)
    if (!shown) {
      if (hello.serverName) this.host.onUnknownName(hello.serverName, this.origin)
      return this.refuse(unrecognizedName)
    }
    let secureContext: SecureContext
    try {
      secureContext = this.host.contexts.of(shown)
    } catch {
      this.host.onUnusable(hello.serverName ?? '')
      return this.refuse(internalError)
    }
    const secure = new TLSSocket(this.socket, {
      isServer: true,
      secureContext,
      ALPNProtocols: isChallenge ? [challengeProtocol] : protocols,
    })
    this.secure = secure
    layOver(secure, this.socket)
    secure.on('error', () => {}) // 'close' follows.
    secure.once('secure', () => (isChallenge ? secure.destroySoon() : this.finish(secure, shown.hostnames)))
  }

  private certificateFor({ serverName }: ClientHello) {
    const app = serverName ? this.host.routes.find(serverName) : undefined
    return app && serverName ? chooseCertificate(app.app.certificates ?? [], serverName) : null
  }

  private proofFor({ serverName }: ClientHello) {
    const challenges = (serverName ? this.host.routes.find(serverName)?.app.challenges : undefined) ?? []
    for (const one of challenges) {
      if (one.kind === 'tls-alpn-01' && one.hostname === serverName) return { ...one, hostnames: [one.hostname] }
    }
    return null
  }

  /** From here on it is a client like another. */
  private finish(secure: TLSSocket, hostnames: readonly string[]): void {
    this.socket.off('close', this.onClose)
    // What `tls.Server` does too when a handshake is over: HTTP/2 waits for it.
    ;(secure as unknown as { secureConnecting: boolean }).secureConnecting = false
    const { address, port } = this.origin
    const security: Security = { version: versionOf(secure), hostnames }
    this.host.onSecure(this, secure, new Origin(address, port, security, this.origin.isTrusted))
  }

  /** Says why, and lets the client read it. */
  private refuse(answer: Buffer | string): void {
    this.deadline.restart(this.host.timeouts.lingerMs)
    this.socket.on('end', () => this.socket.destroy())
    this.socket.resume()
    this.socket.end(answer, 'latin1')
  }

  private readonly onClose = (): void => {
    this.secure?.destroy()
    this.host.onHandshakeOver(this)
  }
}

/** `TLSv1.3` -> `tls1.3`, as Heroku's log line has it. */
const versionOf = (secure: TLSSocket): string =>
  (secure.getProtocol() ?? 'unknown').toLowerCase().replace('tlsv', 'tls')

const isHttp = (bytes: Buffer): boolean => /^[A-Z]{2,20} /.test(bytes.toString('latin1', 0, 24))

const plainAnswer = (): string => renderErrorAnswer(tlsExpected, { accept: '', isHead: false, keepAlive: false })

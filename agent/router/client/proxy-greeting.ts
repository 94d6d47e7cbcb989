import type { Socket } from 'node:net'
import { Deadline } from '../deadline.ts'
import type { Origin } from '../http/forward-head.ts'
import type { Timeouts } from '../limits.ts'
import type { RouterClient } from './client-host.ts'
import { proxyHeaderMaxBytes, readProxyHeader } from './proxy-header.ts'

/** A trusted proxy's connection until it has said whom it speaks for. One that does not say it is closed. */
export class ProxyGreeting implements RouterClient {
  readonly origin: Origin
  isCounted = false
  isUnwelcome = false
  readonly isIdle = false
  private readonly socket: Socket
  private readonly deadline = new Deadline()
  private readonly onKnown: (address: string | null) => void
  private readonly onGone: () => void
  private read: Buffer = Buffer.alloc(0)

  constructor(
    socket: Socket,
    origin: Origin,
    {
      timeouts,
      onKnown,
      onGone,
    }: { timeouts: Timeouts; onKnown: (address: string | null) => void; onGone: () => void },
  ) {
    this.socket = socket
    this.origin = origin
    this.onKnown = onKnown
    this.onGone = onGone
    this.deadline.restart(timeouts.handshakeMs)
    socket.on('data', this.onData)
    socket.on('error', () => {}) // 'close' follows.
    socket.on('close', onGone)
    socket.resume()
  }

  sweep(now: number): void {
    if (this.deadline.isOver(now)) this.socket.destroy()
  }

  stop(): void {
    this.socket.destroy()
  }

  evict(): void {
    this.socket.destroy()
  }

  forceClose(): void {
    this.socket.destroy()
  }

  private readonly onData = (chunk: Buffer): void => {
    this.read = Buffer.concat([this.read, chunk])
    const header = readProxyHeader(this.read)
    if (header === 'more' && this.read.length <= proxyHeaderMaxBytes) return
    const { socket } = this
    socket.off('data', this.onData)
    if (typeof header === 'string') return void socket.destroy()
    socket.pause()
    socket.off('close', this.onGone)
    const rest = this.read.subarray(header.length)
    // Whoever reads next sees to it that it flows again.
    if (rest.length > 0) socket.unshift(rest)
    this.onKnown(header.address)
  }
}

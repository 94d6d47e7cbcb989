import { connect, type Socket } from 'node:net'
import { ReadBuffer } from '../read-buffer.ts'
import type { DynoRoute } from './routes.ts'

/** Whoever sends a request over the connection and wants to know what comes back. */
export interface UpstreamUser {
  onUpstreamConnected(): void
  /**
   * Pieces of up to `lentBytes` are lent: their memory is used again as soon as the call returns. Of larger ones the answer says
   * whether they are still needed then.
   */
  onUpstreamData(chunk: Buffer): boolean
  onUpstreamDrain(): void
  /** The dyno sends no more. */
  onUpstreamEnd(): void
  onUpstreamClosed(error: NodeJS.ErrnoException | null): void
}

/** One connection to a dyno, which serves one request after the other. */
export class UpstreamConnection {
  readonly dyno: DynoRoute
  readonly socket: Socket
  user: UpstreamUser | null
  isConnected = false
  /** It served a request before: the dyno may be closing it at this very moment. */
  isReused = false
  idleSince = 0
  idleUntil = 0
  private readonly reads = new ReadBuffer()
  private error: NodeJS.ErrnoException | null = null

  constructor(dyno: DynoRoute, user: UpstreamUser) {
    this.dyno = dyno
    this.user = user
    const { host, port } = dyno.dyno
    const onread = { buffer: () => this.reads.next() as Buffer, callback: (size: number) => this.onRead(size) }
    this.socket = connect({ host, port, noDelay: true, allowHalfOpen: true, onread })
    this.socket.on('connect', () => {
      this.isConnected = true
      this.user?.onUpstreamConnected()
    })
    this.socket.on('drain', () => this.user?.onUpstreamDrain())
    this.socket.on('end', () => {
      if (this.user) this.user.onUpstreamEnd()
      else this.destroy()
    })
    this.socket.on('error', (error) => {
      this.error = error
    })
    this.socket.on('close', () => {
      this.leaveIdle()
      this.user?.onUpstreamClosed(this.error)
    })
  }

  /** Closes it; its user hears no more of it. */
  destroy(): void {
    this.user = null
    this.leaveIdle()
    this.socket.destroy()
  }

  private onRead(size: number): boolean {
    const chunk = this.reads.take(size)
    // Whoever speaks without having been asked can't be trusted with another request.
    if (!this.user) this.destroy()
    else if (this.user.onUpstreamData(chunk)) this.reads.keep()
    return true
  }

  private leaveIdle(): void {
    const place = this.dyno.idle.indexOf(this)
    if (place >= 0) this.dyno.idle.splice(place, 1)
  }
}

import type { Socket } from 'node:net'
import type { ClientUser } from '../client/client-connection.ts'
import type { UpstreamUser } from '../dynos/upstream-connection.ts'

export interface TunnelEnds {
  readonly client: Socket
  readonly dyno: Socket
  readonly idleMs: number
  /** Called once, with both connections gone or about to be. */
  onEnd(reason: TunnelEnd): void
}

export type TunnelEnd = 'closed' | 'idle' | 'forced'

/** After a protocol switch: bytes both ways, each side no faster than the other reads. */
export class Tunnel implements ClientUser, UpstreamUser {
  /** From the dyno to the client. */
  bytes = 0
  readonly isEndless = true
  private readonly ends: TunnelEnds
  private deadline = 0
  private hasEnded = false

  constructor(ends: TunnelEnds) {
    this.ends = ends
    this.touch()
  }

  onClientData(chunk: Buffer): null {
    this.pass(chunk, this.ends.client, this.ends.dyno)
    return null
  }

  onUpstreamData(chunk: Buffer): void {
    this.bytes += chunk.length
    this.pass(chunk, this.ends.dyno, this.ends.client)
  }

  onClientDrain(): void {
    this.touch()
    this.ends.dyno.resume()
  }

  onUpstreamDrain(): void {
    this.touch()
    this.ends.client.resume()
  }

  onClientEnd(): void {
    this.ends.dyno.end()
  }

  onUpstreamEnd(): void {
    this.ends.client.end()
  }

  onClientClosed(): void {
    this.end('closed')
  }

  onUpstreamClosed(): void {
    // What the dyno said last may still be on its way to the client.
    if (!this.ends.client.writableEnded) this.ends.client.end()
    if (this.ends.client.writableLength === 0) this.end('closed')
    else this.ends.client.once('finish', () => this.end('closed'))
  }

  onUpstreamConnected(): void {}

  sweep(now: number): void {
    if (now >= this.deadline) this.end('idle')
  }

  forceClose(): void {
    this.end('forced')
  }

  private pass(chunk: Buffer, from: Socket, to: Socket): void {
    this.touch()
    if (!to.writable) return
    if (!to.write(chunk)) from.pause()
  }

  private touch(): void {
    this.deadline = performance.now() + this.ends.idleMs
  }

  private end(reason: TunnelEnd): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.ends.onEnd(reason)
    this.ends.dyno.destroy()
    this.ends.client.destroySoon()
  }
}

import type { Socket } from 'node:net'
import type { ClientUser } from '../client/client-user.ts'
import { Deadline } from '../deadline.ts'
import type { UpstreamUser } from '../dynos/upstream-connection.ts'
import { keepable } from '../read-buffer.ts'

export type TunnelEnd = 'closed' | 'idle' | 'forced'

/** After a protocol switch: bytes both ways, each side no faster than the other reads. */
export class Tunnel implements ClientUser, UpstreamUser {
  /** From the dyno to the client. */
  bytes = 0
  readonly isEndless = true
  private readonly idleMs: number
  private readonly onEnd: (reason: TunnelEnd) => void
  private readonly deadline = new Deadline()
  private client: Socket | null = null
  private dyno: Socket | null = null
  /** It is over; the client may still have to read what was said last. */
  private isOver = false

  /** `onEnd` is called once, with both connections gone or about to be. */
  constructor(idleMs: number, onEnd: (reason: TunnelEnd) => void) {
    this.idleMs = idleMs
    this.onEnd = onEnd
  }

  join(client: Socket, dyno: Socket): void {
    this.client = client
    this.dyno = dyno
    this.touch()
  }

  onClientData(chunk: Buffer): null {
    this.pass(chunk, this.client, this.dyno)
    return null
  }

  onUpstreamData(chunk: Buffer): boolean {
    this.bytes += chunk.length
    this.pass(chunk, this.dyno, this.client)
    return (this.client?.writableLength ?? 0) > 0
  }

  onClientDrain(): void {
    this.touch()
    this.dyno?.resume()
  }

  onUpstreamDrain(): void {
    this.touch()
    this.client?.resume()
  }

  onClientEnd(): void {
    this.dyno?.end()
  }

  onUpstreamEnd(): void {
    this.client?.end()
  }

  onClientClosed(): void {
    this.end('closed')
  }

  onUpstreamClosed(): void {
    const { client } = this
    if (!client) return
    // What the dyno said last may still be on its way to the client.
    if (!client.writableEnded) client.end()
    if (client.writableLength === 0) this.end('closed')
    else client.once('finish', () => this.end('closed'))
  }

  onUpstreamConnected(): void {}

  sweep(now: number): void {
    if (!this.deadline.isOver(now)) return
    // It had all that time, and takes nothing.
    if (this.isOver) this.client?.destroy()
    else this.end('idle')
  }

  forceClose(): void {
    this.end('forced')
  }

  private pass(chunk: Buffer, from: Socket | null, to: Socket | null): void {
    this.touch()
    if (!to?.writable) return
    if (!to.write(keepable(chunk))) from?.pause()
  }

  private touch(): void {
    if (!this.isOver) this.deadline.restart(this.idleMs)
  }

  private end(reason: TunnelEnd): void {
    const { client, dyno } = this
    if (this.isOver || !client || !dyno) return
    this.isOver = true
    this.onEnd(reason)
    dyno.destroy()
    client.destroySoon()
  }
}

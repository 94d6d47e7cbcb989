import type { Socket } from 'node:net'
import type { BufferedBytes } from '../buffered-bytes.ts'
import type { ClientUser } from '../client/client-user.ts'
import { Deadline } from '../deadline.ts'
import type { UpstreamUser } from '../dynos/upstream-connection.ts'
import { keepable } from '../read-buffer.ts'

export type TunnelEnd = 'closed' | 'idle' | 'crowded' | 'forced'

/** After a protocol switch: bytes both ways, each side no faster than the other reads. */
export class Tunnel implements ClientUser, UpstreamUser {
  /** From the dyno to the client. */
  bytes = 0
  readonly isEndless = true
  private readonly idleMs: number
  private readonly buffered: BufferedBytes
  private readonly onEnd: (reason: TunnelEnd) => void
  private readonly deadline = new Deadline()
  private client: Socket | null = null
  private dyno: Socket | null = null
  /** It is over; the client may still have to read what was said last. */
  private isOver = false
  /** Of what waits for the two; counted while one of them takes nothing. */
  private keptBytes = 0

  /** `onEnd` is called once, with both connections gone or about to be. */
  constructor({ idleMs, buffered }: { idleMs: number; buffered: BufferedBytes }, onEnd: (reason: TunnelEnd) => void) {
    this.idleMs = idleMs
    this.buffered = buffered
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
    this.countKept()
    this.dyno?.resume()
  }

  onUpstreamDrain(): void {
    this.touch()
    this.countKept()
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
    if (to.write(keepable(chunk))) return
    from?.pause()
    this.countKept()
    if (this.buffered.isOverfull) this.end('crowded')
  }

  private countKept(): void {
    const bytes = this.isOver ? 0 : (this.client?.writableLength ?? 0) + (this.dyno?.writableLength ?? 0)
    this.buffered.add(bytes - this.keptBytes)
    this.keptBytes = bytes
  }

  private touch(): void {
    if (!this.isOver) this.deadline.restart(this.idleMs)
  }

  private end(reason: TunnelEnd): void {
    const { client, dyno } = this
    if (this.isOver || !client || !dyno) return
    this.isOver = true
    this.countKept()
    this.onEnd(reason)
    dyno.destroy()
    client.destroySoon()
  }
}

import type { Socket } from 'node:net'
import { type BodyReader, openBody } from '../http/body.ts'
import type { RequestHead } from '../http/request-parser.ts'
import { limits } from '../limits.ts'

/** Takes a request's body from the client and gives it to the dyno, no faster than the dyno reads. */
export class RequestSender {
  private readonly client: Socket
  private readonly body: BodyReader
  private dyno: Socket | null = null
  /** What came before there was a dyno. */
  private waiting: Buffer[] = []
  private waitingBytes = 0
  isBlocked = false

  constructor(head: RequestHead, client: Socket) {
    this.client = client
    this.body = openBody(head.framing)
  }

  /** The client has sent the whole request. */
  get isReceived(): boolean {
    return this.body.isDone
  }

  /** The dyno's socket has taken the whole request. */
  get isSent(): boolean {
    return this.body.isDone && this.dyno !== null && !this.isBlocked
  }

  get hasBegun(): boolean {
    return this.body.contentBytes > 0 || this.waitingBytes > 0
  }

  /** Returns what follows the request in the same bytes. Throws `Malformed`. */
  receive(chunk: Buffer): Buffer | null {
    const pieces: Buffer[] = []
    const end = this.body.read(chunk, 0, pieces)
    for (const piece of pieces) this.pass(piece)
    return end < chunk.length ? chunk.subarray(end) : null
  }

  /** Begins to send. The connection must be taken for this request alone. */
  sendTo(dyno: Socket, head: string): void {
    this.dyno = dyno
    if (this.waiting.length === 0) {
      this.write(head)
      return
    }
    dyno.cork()
    this.write(head)
    for (const piece of this.waiting) this.write(piece)
    dyno.uncork()
    this.waiting = []
    if (!this.isBlocked) this.client.resume()
  }

  onDynoDrain(): void {
    if (!this.isBlocked) return
    this.isBlocked = false
    this.client.resume()
  }

  private pass(piece: Buffer): void {
    if (this.dyno) return this.write(piece)
    this.waiting.push(piece)
    this.waitingBytes += piece.length
    if (this.waitingBytes > limits.requestBufferBytes) this.client.pause()
  }

  private write(piece: Buffer | string): void {
    if (this.dyno?.write(piece, 'latin1') !== false) return
    this.isBlocked = true
    // A client that has sent all is not held back: its end must be heard.
    if (!this.body.isDone) this.client.pause()
  }
}

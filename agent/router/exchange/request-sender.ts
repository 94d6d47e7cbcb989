import type { Socket } from 'node:net'
import { type BufferedBytes, pieceBytes } from '../buffered-bytes.ts'
import { type BodyReader, openRequestBody } from '../http/body.ts'
import type { RequestHead } from '../http/request-head.ts'
import { writeText } from '../lean-write.ts'
import { limits } from '../limits.ts'
import { keepable } from '../read-buffer.ts'
import type { ClientSide } from './client-side.ts'

/** Takes a request's body from the client and gives it to the dyno, no faster than the dyno reads. */
export class RequestSender {
  isBlocked = false
  private readonly buffered: BufferedBytes
  private readonly pieces: Buffer[] = []
  private client: ClientSide | null = null
  private body: BodyReader = openRequestBody({ kind: 'none' }, false)
  private dyno: Socket | null = null
  /** What came before there was a dyno. */
  private waiting: Buffer[] = []
  private waitingBytes = 0
  private blockedBytes = 0

  constructor(buffered: BufferedBytes) {
    this.buffered = buffered
  }

  begin(head: RequestHead, client: ClientSide): void {
    this.client = client
    // What HTTP/2 carries has no framing of its own; the dyno needs one.
    this.body = openRequestBody(head.framing, head.protocol === 'http2.0')
    this.dyno = null
    this.isBlocked = false
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
    const { pieces } = this
    pieces.length = 0
    const end = this.body.read(chunk, 0, pieces)
    this.passInOne(pieces)
    return end < chunk.length ? chunk.subarray(end) : null
  }

  /** The client says that this was all (HTTP/2). Throws `Malformed` if it can't be. */
  receiveEnd(): void {
    const { pieces } = this
    pieces.length = 0
    this.body.end?.(pieces)
    this.passInOne(pieces)
  }

  /** Begins to send. The connection must be taken for this request alone. */
  sendTo(dyno: Socket, head: string): void {
    this.dyno = dyno
    if (this.waiting.length === 0) {
      this.judge(writeText(dyno, head))
      return
    }
    const { waiting } = this
    this.forgetWaiting()
    dyno.cork()
    this.write(head)
    for (const piece of waiting) this.write(piece)
    dyno.uncork()
    if (!this.isBlocked) this.client?.resume()
  }

  onDynoDrain(): void {
    if (!this.isBlocked) return
    this.unblock()
    this.client?.resume()
  }

  /** The exchange is over. */
  leave(): void {
    this.unblock()
    this.forgetWaiting()
    this.dyno = null
    this.client = null
  }

  private unblock(): void {
    this.isBlocked = false
    this.buffered.remove(this.blockedBytes)
    this.blockedBytes = 0
  }

  private forgetWaiting(): void {
    if (this.waitingBytes === 0) return
    this.buffered.remove(this.waitingBytes)
    this.waiting = []
    this.waitingBytes = 0
  }

  /** What was read at once may be thousands of chunks. */
  private passInOne(pieces: readonly Buffer[]): void {
    const [first] = pieces
    if (first) this.pass(pieces.length === 1 ? keepable(first) : Buffer.concat(pieces))
  }

  private pass(piece: Buffer): void {
    if (this.dyno) return this.write(piece)
    const bytes = piece.length + pieceBytes
    this.waiting.push(piece)
    this.waitingBytes += bytes
    this.buffered.add(bytes)
    if (this.waitingBytes > this.buffered.shareOf(limits.requestBufferBytes)) this.client?.pause()
  }

  private write(piece: Buffer | string): void {
    if (this.dyno) this.judge(this.dyno.write(piece, 'latin1'))
  }

  private judge(mayGoOn: boolean): void {
    const { dyno } = this
    if (dyno === null || mayGoOn) return
    this.buffered.add(dyno.writableLength - this.blockedBytes)
    this.blockedBytes = dyno.writableLength
    this.isBlocked = true
    // A client that has sent all is not held back: its end must be heard.
    if (!this.body.isDone) this.client?.pause()
  }
}

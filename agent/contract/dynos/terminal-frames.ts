import { HearthError } from '../errors.ts'

/** Which of a dyno's streams a frame belongs to, numbered as in any shell. */
export type FrameStream = 1 | 2

export interface TerminalFrame {
  readonly stream: FrameStream
  readonly bytes: Uint8Array
}

/** What a frame begins with: one byte for the stream, four for the length, most significant first. */
const headBytes = 5
const maximumFrameBytes = 16 * 1024 * 1024

/** A piece of one of two streams that share one body. */
export function renderFrame({ stream, bytes }: TerminalFrame): Uint8Array {
  const frame = new Uint8Array(headBytes + bytes.length)
  frame[0] = stream
  new DataView(frame.buffer).setUint32(1, bytes.length)
  frame.set(bytes, headBytes)
  return frame
}

/** Puts frames together again; a long one is handed on in the pieces that it comes in. */
export class TerminalFrames {
  #head = new Uint8Array(0)
  #stream: FrameStream = 1
  /** Of the frame whose head has been read. */
  #missingBytes = 0

  read(chunk: Uint8Array): TerminalFrame[] {
    const frames: TerminalFrame[] = []
    let rest = chunk
    while (rest.length > 0) {
      if (this.#missingBytes === 0) rest = this.#readHead(rest)
      const bytes = rest.subarray(0, this.#missingBytes)
      this.#missingBytes -= bytes.length
      rest = rest.subarray(bytes.length)
      if (bytes.length > 0) frames.push({ stream: this.#stream, bytes })
    }
    return frames
  }

  #readHead(chunk: Uint8Array): Uint8Array {
    const taken = Math.min(headBytes - this.#head.length, chunk.length)
    const head = new Uint8Array(this.#head.length + taken)
    head.set(this.#head)
    head.set(chunk.subarray(0, taken), this.#head.length)
    this.#head = head
    if (head.length === headBytes) this.#beginFrame(head)
    return chunk.subarray(taken)
  }

  #beginFrame(head: Uint8Array): void {
    const [stream] = head
    const length = new DataView(head.buffer).getUint32(1)
    if ((stream !== 1 && stream !== 2) || length > maximumFrameBytes) {
      throw new HearthError('internal', "The server's terminal sent what is no frame. Update both.")
    }
    this.#stream = stream
    this.#missingBytes = length
    this.#head = new Uint8Array(0)
  }
}

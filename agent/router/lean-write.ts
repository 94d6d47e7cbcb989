import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { getSystemErrorName } from 'node:util'

/** What a socket of Node's writes to; not in its documentation, and the same since Node 12. */
interface Handle {
  readonly writeQueueSize: number
  writeLatin1String(request: WriteRequest, text: string): number
  writeBuffer(request: WriteRequest, bytes: Buffer): number
}

interface WriteRequest {
  oncomplete?: (status: number) => void
  /** Held here until it is written: the handle only knows where it is. */
  buffer?: Buffer
}

interface StreamWrap {
  readonly WriteWrap: new () => WriteRequest
  readonly kLastWriteWasAsync: number
  readonly streamBaseState: Int32Array
}

const streamWrap = findStreamWrap()
/** For the next write; one that the kernel takes at once leaves it as it was. */
let request = makeRequest()
/** Where `writeWhole` puts messages together; as long as the longest so far. */
let shared = Buffer.allocUnsafeSlow(4096)

/**
 * `socket.write(text, 'latin1')` for a connected socket without what a stream keeps of each write: nearly always the kernel takes
 * all of it at once, and there is nothing to keep. Node's way costs a tenth of a request. What the kernel leaves is counted by the
 * handle's `writeQueueSize` and not by `writableLength`; what is written meanwhile goes through the stream, behind it.
 */
export function writeText(socket: Socket, text: string): boolean {
  const handle = freeHandle(socket)
  // The stream says what is wrong with a connection to those who have to know.
  if (handle?.writeLatin1String(request, text) !== 0) return socket.write(text, 'latin1')
  if (wasLeft()) keepRequest(socket)
  return true
}

/** The same for text and bytes behind it, which may be lent. */
export function writeWhole(socket: Socket, text: string, pieces: readonly Buffer[]): boolean {
  const bytes = putTogether(text, pieces)
  const handle = freeHandle(socket)
  if (handle?.writeBuffer(request, bytes) !== 0) return socket.write(Buffer.from(bytes))
  if (wasLeft()) {
    request.buffer = bytes
    shared = Buffer.allocUnsafeSlow(shared.length)
    keepRequest(socket)
  }
  return true
}

function putTogether(text: string, pieces: readonly Buffer[]): Buffer {
  const size = text.length + sizeOf(pieces)
  if (size > shared.length) shared = Buffer.allocUnsafeSlow(size)
  let at = shared.write(text, 'latin1')
  for (const piece of pieces) {
    shared.set(piece, at)
    at += piece.length
  }
  return shared.subarray(0, size)
}

/** Bytes of all of them together. */
export function sizeOf(pieces: readonly Buffer[]): number {
  let size = 0
  for (const piece of pieces) size += piece.length
  return size
}

/** Null when the stream has to write: it has not written everything yet, it has ended, or it is no connection of the kernel's. */
function freeHandle(socket: Socket): Handle | null {
  const { _handle: handle } = socket as unknown as { readonly _handle: Handle | null }
  if (!streamWrap || !handle || (socket as Partial<TLSSocket>).encrypted || socket.writableEnded) return null
  return socket.writableLength === 0 && handle.writeQueueSize === 0 ? handle : null
}

const wasLeft = (): boolean => streamWrap?.streamBaseState[streamWrap.kLastWriteWasAsync] !== 0

/** The last write goes on by itself. */
function keepRequest(socket: Socket): void {
  request.oncomplete = (status) => {
    if (status < 0)
      socket.destroy(Object.assign(new Error('The connection broke.'), { code: getSystemErrorName(status) }))
  }
  request = makeRequest()
}

function makeRequest(): WriteRequest {
  return streamWrap ? new streamWrap.WriteWrap() : {}
}

/** Null in another Node than the one that comes with us: what is documented does it too. */
function findStreamWrap(): StreamWrap | null {
  try {
    const { binding } = process as unknown as { binding(name: string): Partial<StreamWrap> }
    const found = binding.call(process, 'stream_wrap')
    const isWhole = found.WriteWrap && found.streamBaseState && found.kLastWriteWasAsync !== undefined
    return isWhole ? (found as StreamWrap) : null
  } catch {
    return null
  }
}

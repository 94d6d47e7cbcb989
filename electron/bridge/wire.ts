/**
 * An ordered, reliable channel of messages between a renderer and the core: a MessagePort in Electron, a WebSocket in
 * the browser shell, a MessageChannel in tests. Text messages are control frames, binary ones are stream bytes.
 */
export interface Wire {
  send(message: string | Uint8Array): void
  onMessage(listener: (message: string | Uint8Array) => void): void
  onClose(listener: () => void): void
  close(): void
}

/** Bytes that a sender may have on the way per stream and direction before the receiver grants more. */
export const windowBytes = 1 << 20

/** A binary frame is the stream's number and its bytes. */
export function renderBytesFrame(streamId: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + bytes.length)
  new DataView(frame.buffer).setUint32(0, streamId)
  frame.set(bytes, 4)
  return frame
}

export function parseBytesFrame(frame: Uint8Array): { streamId: number; bytes: Uint8Array } | null {
  if (frame.length < 4) return null
  const streamId = new DataView(frame.buffer, frame.byteOffset, 4).getUint32(0)
  return { streamId, bytes: frame.subarray(4) }
}

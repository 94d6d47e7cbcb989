/**
 * Ordered messages both ways: text for control, bytes for data. The same protocol runs over a WebSocket (browser
 * shell), a MessagePort (Electron) and an in-memory pair (tests).
 */
export interface Wire {
  send(message: string | Uint8Array): void
  /** Set once, before the first message can arrive. */
  onMessage: (message: string | Uint8Array) => void
  onClose: (reason: string) => void
  close(): void
}

const nothing = () => undefined

export function wireFromPort(port: MessagePort): Wire {
  const wire: Wire = {
    send: (message) => port.postMessage(message),
    onMessage: nothing,
    onClose: nothing,
    close: () => port.close(),
  }
  port.addEventListener('message', ({ data }) =>
    wire.onMessage(data instanceof ArrayBuffer ? new Uint8Array(data) : data),
  )
  // Electron's own event: plain browsers don't tell.
  port.addEventListener('close', () => wire.onClose('The connection of this window to Hearth’s core broke.'))
  // Started after the caller had its turn to set `onMessage`.
  queueMicrotask(() => port.start())
  return wire
}

export function wireFromSocket(socket: WebSocket): Wire {
  socket.binaryType = 'arraybuffer'
  const wire: Wire = {
    send: (message) => socket.send(message as string | Uint8Array<ArrayBuffer>),
    onMessage: nothing,
    onClose: nothing,
    close: () => socket.close(),
  }
  socket.addEventListener('message', ({ data }) =>
    wire.onMessage(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer)),
  )
  socket.addEventListener('close', () => wire.onClose('Hearth stopped, or its connection to this page broke.'))
  return wire
}

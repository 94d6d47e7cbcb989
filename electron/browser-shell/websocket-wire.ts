import type { RawData, WebSocket } from 'ws'
import type { Wire } from '../bridge/wire.ts'

/** The bridge over a browser's WebSocket. */
export function wireOf(socket: WebSocket): Wire {
  return {
    send: (message) => socket.send(message),
    onMessage: (listener) =>
      socket.on('message', (message, isBinary) => listener(isBinary ? toBytes(message) : String(message))),
    onClose: (listener) => socket.on('close', listener),
    close: () => socket.close(1008),
  }
}

function toBytes(message: RawData): Uint8Array {
  if (message instanceof ArrayBuffer) return new Uint8Array(message)
  return Array.isArray(message) ? Buffer.concat(message) : message
}

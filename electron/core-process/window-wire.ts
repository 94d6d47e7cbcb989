import type { Wire } from '../bridge/wire.ts'

/** What is used of Electron's MessagePortMain. */
export interface WindowPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** The bridge over a port that leads straight to a window. */
export function wireOf(port: WindowPort): Wire {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => {
        if (typeof data === 'string' || data instanceof Uint8Array) listener(data)
        else port.close()
      })
      port.start()
    },
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  }
}

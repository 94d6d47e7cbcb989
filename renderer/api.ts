import type { NativeDoor } from '../electron/bridge/contract.ts'
import { connectBridge, type RpcBridge } from './lib/rpc/rpc-client.ts'
import { wireFromPort, wireFromSocket } from './lib/rpc/wire.ts'

declare global {
  interface Window {
    hearthNative?: NativeDoor
  }
}

/** What only Electron can do; undefined in the browser shell. */
export const native = (): NativeDoor | undefined => window.hearthNative

/** The bridge to the desktop's main side: through Electron's port where there is one, else the page's own WebSocket. */
export async function openBridge(): Promise<RpcBridge> {
  const door = native()
  return connectBridge(door ? wireFromPort(await receivePort(door)) : wireFromSocket(await openSocket()))
}

function receivePort(door: NativeDoor): Promise<MessagePort> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent) => {
      const [port] = event.ports
      if (event.source !== window || event.data !== 'hearth-bridge' || !port) return
      window.removeEventListener('message', receive)
      resolve(port)
    }
    window.addEventListener('message', receive)
    door.openBridge()
  })
}

function openSocket(): Promise<WebSocket> {
  // Below the page's own path, which is a secret.
  const url = new URL('bridge', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url)
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket), { once: true })
    socket.addEventListener('error', () => reject(new Error('Hearth does not answer on this address.')), { once: true })
  })
}

import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain } from 'electron'
import type { BridgeLog } from '../bridge/serve.ts'
import { isPage } from './page-protocol.ts'

const channel = 'hearth-bridge'

/**
 * Brings our own page and the core together when the page asks; the one IPC channel there is. The port's other end goes
 * straight to the core, so nothing of the bridge passes through this process.
 */
export function serveBridgePorts(serveWindow: (port: MessagePortMain) => void, log: BridgeLog): void {
  ipcMain.on(channel, (event) => {
    if (!isOwnPage(event)) {
      log.error('A foreign frame asked for the bridge', event.senderFrame?.url ?? 'gone')
      return
    }
    const { port1, port2 } = new MessageChannelMain()
    serveWindow(port1)
    event.sender.postMessage(channel, null, [port2])
  })
}

/** Only the main frame of our own origin. */
function isOwnPage({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isPage(senderFrame.origin)
}

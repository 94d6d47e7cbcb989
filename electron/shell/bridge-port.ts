import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain } from 'electron'
import type { Answers } from '../bridge/answers.ts'
import { type BridgeLog, serveBridge } from '../bridge/serve.ts'
import type { Wire } from '../bridge/wire.ts'
import { pageOrigin } from './page-protocol.ts'

const channel = 'hearth-bridge'

/** Hands a port to our own page when it asks; the one IPC channel there is. */
export function serveBridgePorts(answers: Answers, log: BridgeLog): void {
  ipcMain.on(channel, (event) => {
    if (!isOwnPage(event)) {
      log.error('A foreign frame asked for the bridge', event.senderFrame?.url ?? 'gone')
      return
    }
    const { port1, port2 } = new MessageChannelMain()
    serveBridge(wireOf(port1), answers, log)
    event.sender.postMessage(channel, null, [port2])
  })
}

/** Only the main frame of our own origin. */
function isOwnPage({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === pageOrigin
}

function wireOf(port: MessagePortMain): Wire {
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

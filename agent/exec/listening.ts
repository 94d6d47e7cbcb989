import { connect as openConnection } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface Address {
  readonly host: string
  readonly port: number
}

const firstDelayMs = 5
const maximumDelayMs = 100

/** Resolves when somebody accepts a connection at the address; rejects when the signal aborts, with its reason. */
export async function waitUntilAccepting(address: Address, signal: AbortSignal): Promise<void> {
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 1.5, maximumDelayMs)) {
    signal.throwIfAborted()
    if (await acceptsConnection(address)) return
    await delay(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

async function acceptsConnection({ host, port }: Address): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = openConnection({ host, port, timeout: 1000 })
    const finish = (accepted: boolean) => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
    socket.once('timeout', () => finish(false))
  })
}

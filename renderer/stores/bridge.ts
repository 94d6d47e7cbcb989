import { create } from 'zustand'
import type { Bridge } from '../../electron/bridge/contract.ts'

type BridgeState =
  | { state: 'opening' }
  | { state: 'open'; bridge: Bridge; generation: number }
  | { state: 'lost'; reason: string; generation: number }

export const useBridge = create<BridgeState>(() => ({ state: 'opening' }))

/** The bridge that is open now. Screens are only shown while there is one. */
export function bridge(): Bridge {
  const now = useBridge.getState()
  if (now.state === 'open') return now.bridge
  const message = now.state === 'lost' ? now.reason : 'Hearth is still starting.'
  return {
    call: () => Promise.reject({ id: 'unavailable', message, detail: null }),
    open: () => {
      throw new Error(message)
    },
  }
}

interface OpenedBridge extends Bridge {
  closed: Promise<string>
}

const firstRetryMs = 300
const lastRetryMs = 5000

/** Opens the bridge and keeps it open: a broken one is shown as lost and tried again until `signal` says stop. */
export async function keepBridgeOpen(open: () => Promise<OpenedBridge>, signal: AbortSignal): Promise<void> {
  let generation = 0
  for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
    try {
      const opened = await open()
      generation++
      retryMs = firstRetryMs
      useBridge.setState({ state: 'open', bridge: opened, generation }, true)
      useBridge.setState({ state: 'lost', reason: await opened.closed, generation }, true)
    } catch (error) {
      useBridge.setState({ state: 'lost', reason: String((error as Error).message ?? error), generation }, true)
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

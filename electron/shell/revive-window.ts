import { type BrowserWindow, dialog } from 'electron'
import type { BridgeLog } from '../bridge/serve.ts'

/** Crashes within this time, after which the user is asked instead of loading the page once more. */
const windowMs = 60_000
const maximumCrashes = 3

/**
 * Loads the page anew after its process has crashed, and asks when it hangs. The core knows nothing of it: deploys go on, and
 * the page finds them and their output as soon as it has a new bridge.
 */
export function reviveWindow(window: BrowserWindow, log: BridgeLog): void {
  const crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    log.error("The window's page ended and is loaded again", `${reason}, status ${exitCode}`)
    crashes.push(performance.now())
    const lately = crashes.filter((at) => performance.now() - at < windowMs)
    if (lately.length <= maximumCrashes) window.webContents.reload()
    else void askToReload(window, `The page of this window ended ${lately.length} times in a minute (${reason}).`)
  })
  window.on('unresponsive', () => void askToReload(window, 'The page of this window does not answer.'))
}

async function askToReload(window: BrowserWindow, message: string): Promise<void> {
  const detail = 'Deploys and servers go on without it, and their output is kept. Loading it again loses nothing.'
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    detail,
    buttons: ['Load again', 'Wait'],
    defaultId: 0,
    cancelId: 1,
  })
  if (response === 0 && !window.isDestroyed()) window.webContents.reload()
}

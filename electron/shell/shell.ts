import { app, BrowserWindow, session } from 'electron'
import type { Answers } from '../bridge/answers.ts'
import type { BridgeLog } from '../bridge/serve.ts'
import { serveBridgePorts } from './bridge-port.ts'
import { setMenu } from './menu.ts'
import { registerPageScheme, servePage } from './page-protocol.ts'
import { limitPermissions } from './permissions.ts'
import { openWindow } from './window.ts'

export interface ShellOptions {
  /** Opened once Electron is ready, because the operating system's key store is not there before. */
  readonly openDesktop: () => Promise<{ answers: Answers; close(): Promise<void> }>
  readonly rendererDirectory: string
  readonly preload: string
  readonly log: BridgeLog
}

/** Presents the core in an Electron window until the last window closes. */
export async function runShell(options: ShellOptions): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.enableSandbox()
  registerPageScheme()
  app.on('second-instance', () => focusWindow())
  await app.whenReady()
  limitPermissions(session.defaultSession)
  servePage(options.rendererDirectory)
  setMenu()
  const desktop = await options.openDesktop()
  serveBridgePorts(desktop.answers, options.log)
  openWindow(options.preload)
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(options.preload)
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  closeBeforeQuit(desktop)
}

/** Quitting waits for the core: a ledger that is being written and the embedded server end in order. */
function closeBeforeQuit(desktop: { close(): Promise<void> }): void {
  let isClosed = false
  app.on('will-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    void desktop.close().finally(() => {
      isClosed = true
      app.quit()
    })
  })
}

function focusWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window?.isMinimized()) window.restore()
  window?.focus()
}

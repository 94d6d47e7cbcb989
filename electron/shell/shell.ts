import { join } from 'node:path'
import { app, BrowserWindow, dialog, session } from 'electron'
import type { Presentation, ShellEvent } from '../bridge/contract-shell.ts'
import type { BridgeLog } from '../bridge/serve.ts'
import { WaitingLine } from '../core/waiting-line.ts'
import { serveBridgePorts } from './bridge-port.ts'
import { CoreProcess } from './core-process.ts'
import { takeDeepLinks } from './deep-links.ts'
import { guardAllContents } from './guard-contents.ts'
import { setMenu } from './menu.ts'
import { takeOpenedFolders } from './opened-folders.ts'
import { registerPageScheme, servePage } from './page-protocol.ts'
import { denyNetwork, limitPermissions } from './permissions.ts'
import { reviveWindow } from './revive-window.ts'
import { answerCore } from './shell-answers.ts'
import { TrayIcon } from './tray.ts'
import { findUpdates } from './updates.ts'
import { openVault } from './vault.ts'
import { openWindow } from './window.ts'

export interface ShellOptions {
  /** What the core's process runs. */
  readonly corePath: string
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
  guardAllContents()
  app.on('second-instance', () => focusWindow())
  // macOS tells of one before the app is ready, and once.
  const links = new WaitingLine<ShellEvent>()
  takeDeepLinks((event) => links.put(event), process.argv)
  takeOpenedFolders((event) => links.put(event), process.argv)
  await app.whenReady()
  limitPermissions(session.defaultSession)
  denyNetwork(session.defaultSession)
  servePage(options.rendererDirectory)
  const core = startCore(options)
  links.listen((event) => {
    focusWindow()
    core.tell(event)
  })
  serveBridgePorts((port) => core.serveWindow(port), options.log)
  const placeFile = join(app.getPath('userData'), 'window.json')
  const forgot = (error: unknown) => options.log.error('The place of the window was not remembered', error)
  const open = () => reviveWindow(openWindow(options.preload, placeFile, forgot), options.log)
  open()
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  closeBeforeQuit(core)
}

/** After Electron is ready: the operating system's key store is not there before, and no process can be forked. */
function startCore({ corePath, log }: ShellOptions): CoreProcess {
  const choose = (id: string) => {
    focusWindow()
    core.tell({ kind: 'chosen', id })
  }
  const tray = new TrayIcon(choose)
  const updates = findUpdates(log)
  const present = (wanted: Presentation) => {
    setMenu(wanted.menu, choose, updates && (() => void updates.check()))
    tray.show(wanted.tray)
  }
  // Until the window has said what it can do.
  present({ menu: [], tray: null })
  const core = new CoreProcess({ path: corePath, answers: answerCore(openVault, present), wantsAnotherTry, log })
  core.start()
  return core
}

async function wantsAnotherTry(lastWords: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: "Hearth's core ends soon after each start",
    detail: `${lastWords}\n\nApps on your servers are not touched by this.`,
    buttons: ['Try again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  })
  if (response !== 0) app.quit()
  return response === 0
}

/** Quitting waits for the core: a ledger that is being written and the embedded server end in order. */
function closeBeforeQuit(core: { close(): Promise<void> }): void {
  let isClosed = false
  app.on('will-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    void core.close().finally(() => {
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

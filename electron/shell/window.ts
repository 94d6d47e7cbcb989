import { BrowserWindow, nativeTheme, shell } from 'electron'
import { pageOrigin } from './page-protocol.ts'
import { listWorkAreas, placeWindow, readPlace, rememberPlace } from './window-place.ts'

const usual = { width: 1280, height: 820 }

/** One window, where it was last; everything that the hardening checklist of Electron names is set here or is its default. */
export function openWindow(preload: string, placeFile: string, onError: (error: unknown) => void): BrowserWindow {
  const last = readPlace(placeFile)
  const window = new BrowserWindow({
    ...placeWindow(last, usual, last ? listWorkAreas() : []),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Hearth',
    // Against a white flash before the first paint.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1614' : '#fbf9f7',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (last?.isMaximised) window.maximize()
  rememberPlace(window, placeFile, onError)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${pageOrigin}/`)
  return window
}

/** The one door to the outside: a link of another scheme could start any program. */
export async function openExternal(url: string): Promise<void> {
  if (!URL.canParse(url) || !['https:', 'http:'].includes(new URL(url).protocol)) return
  await shell.openExternal(url)
}

// What Hearth's main process finds where Electron would be: windows are pages of a real Chromium, the core is a real process.
// `vi.mock('electron', async () => (await import('./electron-stand-in/electron.ts')).makeElectron())`
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { BrowserContext } from 'playwright-core'
import { StandInChannel } from './port.ts'
import { StandInProcess } from './utility-process.ts'
import { StandInContents } from './window.ts'

/** What a test sees and decides. */
export const standIn = {
  context: null as BrowserContext | null,
  environment: {} as Record<string, string>,
  /** What the user picks in the next folder dialog. */
  chosenFolder: '',
  /** Cores, the running one last. */
  cores: [] as StandInProcess[],
  windows: [] as StandInContents[],
  app: Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: () => true,
    enableSandbox: () => {},
    setAsDefaultProtocolClient: () => true,
    getPath: () => standIn.environment.HEARTH_HOME ?? '/nowhere',
    whenReady: async () => {},
    /** As Electron: quits unless somebody who listens has still something to do. */
    quit: () => {
      let isPrevented = false
      standIn.app.emit('will-quit', { preventDefault: () => (isPrevented = true) })
      if (!isPrevented) standIn.app.emit('quit')
    },
  }),
}

const ipcMain = new EventEmitter()
let answerPage: (request: { url: string }) => Promise<Response> = async () => new Response(null, { status: 404 })

class BrowserWindow extends EventEmitter {
  static getAllWindows = () => []
  readonly webContents: StandInContents

  constructor({ webPreferences }: { webPreferences: { preload: string } }) {
    super()
    if (!standIn.context) throw new Error('no browser was opened')
    this.webContents = new StandInContents(webPreferences.preload, {
      context: standIn.context,
      answer: (request) => answerPage(request),
      onIpc: (channel, event, parameters) => ipcMain.emit(channel, event, ...parameters),
    })
    standIn.windows.push(this.webContents)
    standIn.app.emit('web-contents-created', {}, this.webContents)
  }

  async loadURL(): Promise<void> {
    await this.webContents.load()
    this.emit('ready-to-show')
  }

  isDestroyed = () => false
  show() {}
}

function fork(path: string): StandInProcess {
  const core = new StandInProcess(path, standIn.environment)
  standIn.cores.push(core)
  return core
}

const key = randomBytes(32)

/** A key store that encrypts for real, so that a key which is written in clear shows. */
const safeStorage = {
  getSelectedStorageBackend: () => 'gnome_libsecret',
  isAsyncEncryptionAvailable: async () => true,
  async encryptStringAsync(text: string) {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  },
  async decryptStringAsync(sealed: Buffer) {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(-16))
    const result = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString()
    return { result, shouldReEncrypt: false }
  },
}

/** Stands for what no test of this kind looks at: may be called, constructed and asked for anything. */
const anything: object = new Proxy(function anything() {}, {
  get: (_target, name) => (name === 'then' || typeof name === 'symbol' ? undefined : anything),
  apply: () => anything,
  construct: () => anything,
})

export function makeElectron(): Record<string, unknown> {
  const named = {
    ...{ app: standIn.app, ipcMain, BrowserWindow, MessageChannelMain: StandInChannel, safeStorage },
    utilityProcess: { fork },
    protocol: {
      registerSchemesAsPrivileged: () => {},
      handle: (_scheme: string, answer: typeof answerPage) => {
        answerPage = answer
      },
    },
    dialog: {
      showOpenDialog: async () => ({ canceled: false, filePaths: [standIn.chosenFolder] }),
      showMessageBox: async () => ({ response: 0 }),
    },
    nativeTheme: { shouldUseDarkColors: false, on: () => {} },
  }
  const rest = [
    'Menu',
    'session',
    'shell',
    'Tray',
    'Notification',
    'nativeImage',
    'screen',
    'powerMonitor',
    'clipboard',
  ]
  return { ...Object.fromEntries(rest.map((name) => [name, anything])), ...named }
}

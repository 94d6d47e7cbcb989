// Electron's binary can't run where the unit tests do: a recorded stub stands for its API, and what our shell asks of it is
// checked. `vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())`.
import { EventEmitter } from 'node:events'
import { type Mock, vi } from 'vitest'

interface WindowRecord {
  readonly focus: Mock<() => void>
  readonly maximize: Mock<() => void>
  readonly bounds: object
  readonly isMaximised: boolean
  /** As by its button, from there. */
  readonly close: (bounds: object, isMaximised: boolean) => void
  readonly isMinimized: () => boolean
  readonly options: { readonly webPreferences: Record<string, unknown> } & Record<string, unknown>
  readonly window: EventEmitter
  readonly contents: EventEmitter & { readonly reload: ReturnType<typeof vi.fn> }
  openHandler?: (details: { url: string }) => { action: string }
  url?: string
}

/** A core's process as the shell sees it. */
export interface ChildRecord extends EventEmitter {
  readonly path: string
  readonly options: Record<string, unknown>
  readonly stderr: EventEmitter
  readonly postMessage: ReturnType<typeof vi.fn>
  readonly kill: ReturnType<typeof vi.fn>
}

export type MenuTemplate = {
  label?: string
  role?: string
  submenu?: MenuTemplate
  click?: () => void
  enabled?: boolean
}[]

interface SchemePrivileges {
  readonly scheme: string
  readonly privileges: Record<string, boolean>
}

/** What was asked of Electron. */
export const recorded = {
  windows: [] as WindowRecord[],
  app: Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: vi.fn(() => recorded.hasLock),
    enableSandbox: vi.fn(),
    whenReady: vi.fn(async () => {}),
    quit: vi.fn(),
    setAsDefaultProtocolClient: vi.fn(),
    getPath: (_name: string) => '/nowhere',
  }),
  ipc: new EventEmitter(),
  schemes: [] as SchemePrivileges[],
  protocols: new Map<string, (request: { url: string }) => Promise<Response>>(),
  /** Processes that were forked, the running one last. */
  children: [] as ChildRecord[],
  /** Messages that the user was shown, and what is pressed: the number of a button. */
  asked: [] as { message: string; detail: string }[],
  pressed: 0,
  permissions: {
    request: (
      _contents: null,
      _permission: string,
      _decide: (isGranted: boolean) => void,
      _details: { requestingUrl: string },
    ): void => {},
    check: (_contents: null, _permission: string, _origin: string): boolean => true,
    device: (_details: object): boolean => true,
    screen: (_request: object, _decide: (streams: object | null) => void): void => {},
    network: (_request: { url: string }, _decide: (answer: { cancel: boolean }) => void): void => {},
  },
  /** Links that were given to the user's browser. */
  opened: [] as string[],
  hasLock: true,
  menu: [] as MenuTemplate,
  trays: [] as { tooltip: string; items: MenuTemplate; isGone: boolean }[],
}

/** As before the first start. */
export function resetElectron(): void {
  for (const list of [
    recorded.windows,
    recorded.schemes,
    recorded.children,
    recorded.asked,
    recorded.opened,
    recorded.trays,
  ])
    list.length = 0
  Object.assign(recorded, { hasLock: true, pressed: 0 })
  recorded.protocols.clear()
  recorded.app.removeAllListeners()
  recorded.ipc.removeAllListeners()
  vi.clearAllMocks()
}

class BrowserWindow extends EventEmitter {
  static getAllWindows = () => recorded.windows
  readonly webContents: EventEmitter
  readonly #record: WindowRecord

  constructor(options: WindowRecord['options']) {
    super()
    const contents = Object.assign(new EventEmitter(), {
      reload: vi.fn(),
      setWindowOpenHandler: (handler: WindowRecord['openHandler']) => Object.assign(record, { openHandler: handler }),
    })
    const record: WindowRecord = {
      ...{ window: this, options, contents, focus: vi.fn(), maximize: vi.fn(), isMinimized: () => false },
      ...{ bounds: {}, isMaximised: false },
      close: (bounds, isMaximised) => {
        Object.assign(record, { bounds, isMaximised })
        this.emit('close')
      },
    }
    this.#record = record
    this.webContents = contents
    recorded.windows.push(record)
    recorded.app.emit('web-contents-created', {}, contents)
  }

  async loadURL(url: string) {
    this.#record.url = url
  }
  isDestroyed = () => false
  maximize() {
    this.#record.maximize()
  }
  getNormalBounds = () => this.#record.bounds
  isMaximized = () => this.#record.isMaximised
  show() {}
}

class Tray {
  readonly #record = { tooltip: '', items: [] as MenuTemplate, isGone: false }
  constructor() {
    recorded.trays.push(this.#record)
  }
  setToolTip(tooltip: string) {
    this.#record.tooltip = tooltip
  }
  setContextMenu(items: MenuTemplate) {
    this.#record.items = items
  }
  destroy() {
    this.#record.isGone = true
  }
}

class MessageChannelMain {
  readonly port1 = { name: 'port1' }
  readonly port2 = { name: 'port2' }
}

function fork(path: string, _parameters: string[], options: Record<string, unknown>): ChildRecord {
  const parts = { path, options, stderr: new EventEmitter(), postMessage: vi.fn(), kill: vi.fn() }
  const child: ChildRecord = Object.assign(new EventEmitter(), parts)
  recorded.children.push(child)
  return child
}

async function showMessageBox(...parameters: object[]): Promise<{ response: number }> {
  recorded.asked.push(parameters.at(-1) as (typeof recorded.asked)[number])
  return { response: recorded.pressed }
}

export function makeElectron() {
  return {
    app: recorded.app,
    ipcMain: recorded.ipc,
    BrowserWindow,
    MessageChannelMain,
    utilityProcess: { fork },
    dialog: { showMessageBox, showOpenDialog: async () => ({ canceled: false, filePaths: ['/home/me/shop'] }) },
    safeStorage: {
      getSelectedStorageBackend: () => 'gnome_libsecret',
      isAsyncEncryptionAvailable: async () => true,
      encryptStringAsync: async (text: string) => Buffer.from(`sealed ${text}`),
      decryptStringAsync: async (sealed: Buffer) => ({ result: `${sealed}`.slice(7), shouldReEncrypt: false }),
    },
    Menu: {
      setApplicationMenu: (menu: MenuTemplate) => Object.assign(recorded, { menu }),
      buildFromTemplate: (template: MenuTemplate) => template,
    },
    Tray,
    nativeImage: { createFromDataURL: (url: string) => ({ url }) },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    nativeTheme: { shouldUseDarkColors: false },
    shell: { openExternal: async (url: string) => void recorded.opened.push(url) },
    protocol: {
      registerSchemesAsPrivileged: (schemes: SchemePrivileges[]) => recorded.schemes.push(...schemes),
      handle: (scheme: string, answer: (request: { url: string }) => Promise<Response>) =>
        recorded.protocols.set(scheme, answer),
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (answer: typeof recorded.permissions.request) => {
          recorded.permissions.request = answer
        },
        setPermissionCheckHandler: (answer: typeof recorded.permissions.check) => {
          recorded.permissions.check = answer
        },
        setDevicePermissionHandler: (answer: typeof recorded.permissions.device) => {
          recorded.permissions.device = answer
        },
        setDisplayMediaRequestHandler: (answer: typeof recorded.permissions.screen) => {
          recorded.permissions.screen = answer
        },
        webRequest: {
          onBeforeRequest: (answer: typeof recorded.permissions.network) => {
            recorded.permissions.network = answer
          },
        },
      },
    },
  }
}

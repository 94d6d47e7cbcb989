// Electron's binary can't run where the unit tests do: a recorded stub stands for its API, and what our shell asks of it is
// checked. `vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())`.
import { EventEmitter } from 'node:events'
import { vi } from 'vitest'

interface WindowRecord {
  readonly options: { readonly webPreferences: Record<string, unknown> } & Record<string, unknown>
  readonly contents: EventEmitter
  openHandler?: (details: { url: string }) => { action: string }
  url?: string
}

interface PortRecord extends EventEmitter {
  readonly start: ReturnType<typeof vi.fn>
  readonly postMessage: ReturnType<typeof vi.fn>
  readonly close: ReturnType<typeof vi.fn>
}

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
  }),
  ipc: new EventEmitter(),
  schemes: [] as SchemePrivileges[],
  protocols: new Map<string, (request: { url: string }) => Promise<Response>>(),
  /** Our ends of the bridges that were handed out. */
  ports: [] as PortRecord[],
  permissions: {
    request: (_contents: null, _permission: string, _decide: (isGranted: boolean) => void): void => {},
    check: (_contents: null, _permission: string): boolean => true,
  },
  /** Links that were given to the user's browser. */
  opened: [] as string[],
  hasLock: true,
}

/** As before the first start. */
export function resetElectron(): void {
  for (const list of [recorded.windows, recorded.schemes, recorded.ports, recorded.opened]) list.length = 0
  recorded.hasLock = true
  recorded.protocols.clear()
  recorded.app.removeAllListeners()
  recorded.ipc.removeAllListeners()
  vi.clearAllMocks()
}

class BrowserWindow {
  static getAllWindows = () => recorded.windows
  readonly webContents: EventEmitter
  readonly #record: WindowRecord

  constructor(options: WindowRecord['options']) {
    const contents = new EventEmitter()
    const record: WindowRecord = { options, contents }
    this.#record = record
    this.webContents = Object.assign(contents, {
      setWindowOpenHandler: (handler: WindowRecord['openHandler']) => Object.assign(record, { openHandler: handler }),
    })
    recorded.windows.push(record)
  }

  async loadURL(url: string) {
    this.#record.url = url
  }
  once() {}
  show() {}
}

class MessageChannelMain {
  readonly port1 = Object.assign(new EventEmitter(), { start: vi.fn(), postMessage: vi.fn(), close: vi.fn() })
  readonly port2 = { name: 'port2' }
  constructor() {
    recorded.ports.push(this.port1)
  }
}

export function makeElectron() {
  return {
    app: recorded.app,
    ipcMain: recorded.ipc,
    BrowserWindow,
    MessageChannelMain,
    Menu: { setApplicationMenu: vi.fn(), buildFromTemplate: vi.fn() },
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
      },
    },
  }
}

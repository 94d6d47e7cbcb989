import type { EventEmitter } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// Electron's binary can't run here: a recorded stub stands for its API, and what our shell asks of it is checked.
const electron = vi.hoisted(() => ({
  windows: [] as { options: Record<string, unknown>; emitter: EventEmitter; openHandler?: unknown; url?: string }[],
  app: undefined as unknown as EventEmitter & Record<string, ReturnType<typeof vi.fn>>,
  ipc: undefined as unknown as EventEmitter,
  schemes: [] as unknown[],
  page: undefined as undefined | ((request: { url: string }) => Promise<Response>),
  permissions: {} as Record<string, (...parameters: never[]) => unknown>,
  opened: [] as string[],
  hasLock: true,
}))

vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events')
  electron.ipc = new EventEmitter()
  electron.app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: vi.fn(() => electron.hasLock),
    enableSandbox: vi.fn(),
    whenReady: vi.fn(async () => {}),
    quit: vi.fn(),
  }) as never
  class BrowserWindow {
    static getAllWindows = () => electron.windows
    webContents: unknown
    constructor(options: Record<string, unknown>) {
      const record = { options, emitter: new EventEmitter() } as (typeof electron.windows)[number]
      this.webContents = Object.assign(record.emitter, {
        setWindowOpenHandler: (handler: unknown) => {
          record.openHandler = handler
        },
      })
      this.loadURL = async (url: string) => {
        record.url = url
      }
      electron.windows.push(record)
    }
    loadURL: (url: string) => Promise<void>
    once() {}
    show() {}
  }
  class MessageChannelMain {
    port1 = Object.assign(new EventEmitter(), { start: vi.fn(), postMessage: vi.fn(), close: vi.fn() })
    port2 = { name: 'port2' }
  }
  return {
    app: electron.app,
    ipcMain: electron.ipc,
    BrowserWindow,
    MessageChannelMain,
    Menu: { setApplicationMenu: vi.fn(), buildFromTemplate: vi.fn() },
    nativeTheme: { shouldUseDarkColors: false },
    shell: { openExternal: async (url: string) => void electron.opened.push(url) },
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown[]) => electron.schemes.push(...schemes),
      handle: (_: string, answer: typeof electron.page) => {
        electron.page = answer
      },
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (answer: never) => {
          electron.permissions.request = answer
        },
        setPermissionCheckHandler: (answer: never) => {
          electron.permissions.check = answer
        },
      },
    },
  }
})

const { runShell } = await import('../../../electron/shell/shell.ts')

let folder: string
const close = vi.fn(async () => {})

beforeEach(async () => {
  electron.windows.length = 0
  electron.opened.length = 0
  electron.hasLock = true
  electron.app.removeAllListeners()
  electron.ipc.removeAllListeners()
  folder = await mkdtemp(join(tmpdir(), 'hearth-shell-'))
  await writeFile(join(folder, 'index.html'), 'page')
  await runShell({
    openDesktop: async () => ({ answers: { calls: {}, streams: {} } as never, close }),
    rendererDirectory: folder,
    preload: '/app/preload.cjs',
    log: { error: vi.fn() },
  })
})
afterEach(() => rm(folder, { recursive: true }))

const window = () => electron.windows[0] as (typeof electron.windows)[number]

test('the window is sandboxed, isolated and without Node', () => {
  expect(electron.app.enableSandbox).toHaveBeenCalled()
  expect(window().options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
    preload: '/app/preload.cjs',
  })
  expect(window().options.webPreferences).not.toHaveProperty('webSecurity')
  expect(window().url).toBe('app://hearth/')
})

test('the page comes from our scheme with the content security policy, and nothing outside its folder', async () => {
  const page = await electron.page?.({ url: 'app://hearth/' })
  expect(await page?.text()).toBe('page')
  expect(page?.headers.get('content-security-policy')).toContain("default-src 'none'")
  for (const url of ['app://hearth/..%2f..%2fetc/passwd', 'app://evil/', 'app://hearth/missing.js']) {
    expect((await electron.page?.({ url }))?.status).toBe(404)
  }
})

test('the window never leaves the page', () => {
  const navigate = (url: string) => {
    const event = { preventDefault: vi.fn() }
    window().emitter.emit('will-navigate', event, url)
    return event.preventDefault.mock.calls.length > 0
  }
  expect(navigate('https://evil.example/')).toBe(true)
  expect(navigate('app://hearth.evil/')).toBe(true)
  expect(navigate('app://hearth/index.html')).toBe(false)
})

test('a new window is denied; a web link opens in the browser, any other scheme does not', () => {
  const open = window().openHandler as (details: { url: string }) => unknown
  for (const url of ['https://example.com/', 'file:///etc/passwd', 'javascript:alert(1)', 'nonsense']) {
    expect(open({ url })).toEqual({ action: 'deny' })
  }
  expect(electron.opened).toEqual(['https://example.com/'])
})

test('permissions are denied but for the clipboard and notifications', () => {
  const check = electron.permissions.check as unknown as (contents: null, permission: string) => boolean
  expect(check(null, 'media')).toBe(false)
  expect(check(null, 'geolocation')).toBe(false)
  expect(check(null, 'clipboard-sanitized-write')).toBe(true)
})

test('the bridge is handed to the main frame of our page alone', () => {
  const ask = (senderFrame: unknown) => {
    const postMessage = vi.fn()
    electron.ipc.emit('hearth-bridge', { senderFrame, sender: { postMessage } })
    return postMessage.mock.calls.length === 1
  }
  expect(ask({ parent: null, origin: 'app://hearth', url: '' })).toBe(true)
  expect(ask({ parent: {}, origin: 'app://hearth', url: '' })).toBe(false)
  expect(ask({ parent: null, origin: 'https://evil.example', url: '' })).toBe(false)
  expect(ask(null)).toBe(false)
})

test('quitting waits until the core has closed', async () => {
  const event = { preventDefault: vi.fn() }
  electron.app.emit('will-quit', event)
  expect(event.preventDefault).toHaveBeenCalled()
  expect(close).toHaveBeenCalled()
  await vi.waitFor(() => expect(electron.app.quit).toHaveBeenCalled())
})

test('a second start gives way to the first', async () => {
  electron.hasLock = false
  const before = electron.windows.length
  await runShell({ openDesktop: vi.fn(), rendererDirectory: folder, preload: '', log: { error: vi.fn() } })
  expect(electron.windows.length).toBe(before)
})

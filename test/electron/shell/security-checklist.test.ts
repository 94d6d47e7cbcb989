// Electron's own list of what makes a desktop secure (its documentation, "Security"), item by item, against what our shell asks of it.
import { EventEmitter } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { root } from '../../tooling/repository.ts'
import { recorded, resetElectron } from './electron-stub.ts'

vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())
const { runShell } = await import('../../../electron/shell/shell.ts')

const log = { error: vi.fn() }
let folder: string
beforeEach(async () => {
  resetElectron()
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-shell-'))
  await writeFile(path.join(folder, 'index.html'), 'page')
  await runShell({ corePath: '/app/core-process.js', rendererDirectory: folder, preload: '/app/preload.cjs', log })
})
afterEach(() => rm(folder, { recursive: true }))

const window = () => recorded.windows[0] as (typeof recorded.windows)[number]
const preferences = () => window().options.webPreferences
const load = (url: string) => recorded.protocols.get('app')?.({ url }) ?? Promise.reject(new Error('no such scheme'))

test('1: only what comes with Hearth is loaded, over no network', () => {
  expect(recorded.windows.map(({ url }) => url)).toEqual(['app://hearth/'])
})

test('2, 3, 4: the page has no Node, a world of its own apart from the preload’s, and a sandbox', () => {
  expect(recorded.app.enableSandbox).toHaveBeenCalledBefore(recorded.app.whenReady)
  expect(preferences()).toMatchObject({ nodeIntegration: false, contextIsolation: true, sandbox: true })
  expect(preferences()).not.toHaveProperty('nodeIntegrationInWorker')
  expect(preferences()).not.toHaveProperty('nodeIntegrationInSubFrames')
  expect(preferences().preload).toBe('/app/preload.cjs')
})

test('5: what a page may ask the system for is refused, but to write to the clipboard and to notify', () => {
  const asked = ['media', 'geolocation', 'usb', 'hid', 'serial', 'midi', 'fileSystem', 'openExternal', 'pointerLock']
  const allowed = ['clipboard-sanitized-write', 'notifications']
  const decide = (permission: string, requestingUrl = 'app://hearth/') => {
    const answer = vi.fn()
    recorded.permissions.request(null, permission, answer, { requestingUrl })
    return answer.mock.calls.flat()
  }
  for (const permission of [...asked, 'clipboard-read']) {
    expect(decide(permission)).toEqual([false])
    expect(recorded.permissions.check(null, permission, 'app://hearth')).toBe(false)
  }
  for (const permission of allowed) {
    expect(decide(permission)).toEqual([true])
    expect(recorded.permissions.check(null, permission, 'app://hearth')).toBe(true)
    for (const elsewhere of ['https://evil.test/', 'app://hearth.evil/', 'null', '']) {
      expect(decide(permission, elsewhere)).toEqual([false])
      expect(recorded.permissions.check(null, permission, elsewhere)).toBe(false)
    }
  }
})

test('5: no device is handed to a page, and no picture of the screen', () => {
  expect(recorded.permissions.device({ deviceType: 'usb', origin: 'app://hearth' })).toBe(false)
  const streams = vi.fn()
  recorded.permissions.screen({}, streams)
  expect(streams.mock.calls).toEqual([[null]])
})

test('1: the window has no network, whatever a page would ask for', () => {
  const isCancelled = (url: string) => {
    const decide = vi.fn()
    recorded.permissions.network({ url }, decide)
    return decide.mock.calls[0]?.[0].cancel
  }
  const elsewhere = ['https://evil.test/', 'http://127.0.0.1:18080/', 'wss://evil.test/', 'file:///etc/passwd', 'x']
  expect(elsewhere.map(isCancelled)).toEqual(elsewhere.map(() => true))
  const own = ['app://hearth/index.js', 'blob:app://hearth/1', 'data:font/woff2;base64,AA']
  expect(own.map(isCancelled)).toEqual(own.map(() => false))
})

test.each(['webSecurity', 'allowRunningInsecureContent', 'experimentalFeatures', 'enableBlinkFeatures'])(
  '6, 8, 9, 10: %s is left as it is',
  (preference) => {
    expect(preferences()).not.toHaveProperty(preference)
  },
)

test('7: every file of the page comes with a policy that lets in nothing from elsewhere', async () => {
  const policy = (await load('app://hearth/')).headers.get('content-security-policy') ?? ''
  const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]))
  expect(rules.get('default-src')).toBe("'none'")
  expect(rules.get('script-src')).toBe("'self'")
  expect(rules.get('connect-src')).toBe("'self'")
  for (const rule of ['base-uri', 'form-action', 'frame-ancestors']) expect(rules.get(rule)).toBe("'none'")
  const sources = [...rules.values()].join(' ').split(' ')
  expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", "'unsafe-inline'", 'data:']))
  // Of the two that are wider, scripts have neither.
  expect(policy).not.toContain('unsafe-eval')
})

test('11, 12: there are no webviews, and none can be attached', () => {
  expect(preferences().webviewTag).toBe(false)
  expect(isPrevented('will-attach-webview')).toBe(true)
})

test.each(['https://evil.test/', 'app://hearth.evil/', 'app://evil/', 'file:///etc/passwd', 'data:text/html,x'])(
  '13: the window does not go to %s',
  (url) => {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'])
      expect(isPrevented(event, url)).toBe(true)
  },
)

test('13: the window may load its own page anew', () => {
  expect(isPrevented('will-navigate', 'app://hearth/index.html')).toBe(false)
})

test('11, 13, 14: contents that something else creates are held to the same', () => {
  const setWindowOpenHandler = vi.fn()
  const other = Object.assign(new EventEmitter(), { setWindowOpenHandler })
  recorded.app.emit('web-contents-created', {}, other)
  const preventDefault = vi.fn()
  other.emit('will-navigate', { url: 'https://evil.test/', preventDefault })
  other.emit('will-attach-webview', { preventDefault })
  expect(preventDefault).toHaveBeenCalledTimes(2)
  expect(setWindowOpenHandler.mock.calls[0]?.[0]({ url: 'file:///etc/passwd' })).toEqual({ action: 'deny' })
})

test('14, 15: no new window is opened; web links go to the user’s browser, other schemes nowhere', () => {
  const web = ['https://example.com/', 'http://blog.localhost:18080/']
  const others = ['file:///etc/passwd', 'javascript:alert(1)', 'smb://evil.test/share', 'ms-msdt:/id', 'nonsense', '']
  for (const url of [...web, ...others]) expect(window().openHandler?.({ url })).toEqual({ action: 'deny' })
  expect(recorded.opened).toEqual(web)
})

test('16: Electron is one exact version, and no dependency brings another', async () => {
  const { dependencies, devDependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  expect({ ...dependencies, ...devDependencies }.electron).toMatch(/^\d+\.\d+\.\d+$/)
  const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'))
  expect(Object.keys(packages).filter((name) => name.endsWith('/electron'))).toEqual(['node_modules/electron'])
})

test('17: there is one channel, and only the main frame of our own page gets a bridge through it', () => {
  expect(recorded.ipc.eventNames()).toEqual(['hearth-bridge'])
  const core = recorded.children[0]
  const ask = (senderFrame: unknown) => {
    const postMessage = vi.fn()
    recorded.ipc.emit('hearth-bridge', { senderFrame, sender: { postMessage } })
    return postMessage.mock.calls.length
  }
  const windows = () => core?.postMessage.mock.calls.filter(([message]) => message.kind === 'window').length
  const page = { parent: null, origin: 'app://hearth', url: 'app://hearth/' }
  for (const frame of [
    { ...page, parent: page },
    { ...page, origin: 'https://evil.test' },
    { ...page, origin: 'null' },
    null,
  ])
    expect(ask(frame)).toBe(0)
  expect(windows()).toBe(0)
  expect(ask(page)).toBe(1)
  expect(windows()).toBe(1)
})

test('18: the page has a scheme of its own with no more rights than a web page, and nothing outside its folder', async () => {
  expect(recorded.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
  expect([...recorded.protocols.keys()]).toEqual(['app'])
  await writeFile(`${folder}-beside`, 'secret')
  const outside = ['app://hearth/..%2f..%2fetc/passwd', `app://hearth/..%2f${path.basename(folder)}-beside`]
  for (const url of [...outside, 'app://hearth/%00', 'app://evil/', 'app://hearth/missing.js'])
    expect((await load(url)).status).toBe(404)
  await rm(`${folder}-beside`)
})

test('20: nothing of Electron’s is imported where pages run, but by the preload', async () => {
  const importing: string[] = []
  for (const name of await readdir(path.join(root, 'renderer'), { recursive: true })) {
    if (!/\.tsx?$/.test(name)) continue
    if (/from 'electron'|require\('electron'\)/.test(await readFile(path.join(root, 'renderer', name), 'utf8')))
      importing.push(name)
  }
  expect(importing).toEqual([])
})

function isPrevented(event: string, url = ''): boolean {
  const preventDefault = vi.fn()
  window().contents.emit(event, { url, preventDefault })
  return preventDefault.mock.calls.length > 0
}

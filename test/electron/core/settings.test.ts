import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { paths, readConfig } from '../../../electron/config.ts'
import { SettingsStore } from '../../../electron/core/settings.ts'

let directory: string
let warnings: string[]
const open = () => SettingsStore.open(join(directory, 'settings.json'), (message) => warnings.push(message))

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hearth-settings-'))
  warnings = []
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const switches = { singleKeys: true, notifiesEnds: true, showsTray: false }

test('settings have defaults, take partial updates and outlive a restart', async () => {
  const store = await open()
  expect(store.settings).toEqual({
    ...{ theme: 'system', terminalFontSize: 13, ...switches },
    ...{ pinnedApps: [], paneRows: [] },
  })
  const pinnedApps = [{ serverId: 'atlas', appId: 'a1' }]
  const pane = { id: '1', kind: 'log' as const, share: 1 }
  const paneRows = [{ serverId: 'atlas', appId: 'a1', screen: 'terminal' as const, panes: [pane] }]
  await store.update({ paneRows })
  await Promise.all([store.update({ theme: 'dark' }), store.update({ pinnedApps }), store.rememberGatewayPort(8781)])
  const later = await open()
  expect(later.settings).toEqual({ theme: 'dark', terminalFontSize: 13, ...switches, pinnedApps, paneRows })
  expect(later.gatewayPort).toBe(8781)
  expect(await readdir(directory)).toEqual(['settings.json'])
})

test('what the command line changes beside an open desktop is told there, and neither undoes the other', async () => {
  const desktop = await open()
  const stop = new AbortController()
  const news = vi.fn()
  desktop.follow(stop.signal, news)
  const commandLine = await open()
  await commandLine.update({ theme: 'dark', singleKeys: false })
  await vi.waitFor(() => expect(desktop.settings).toMatchObject({ theme: 'dark', singleKeys: false }), 10_000)
  expect(news).toHaveBeenCalledOnce()
  await Promise.all([desktop.update({ terminalFontSize: 20 }), commandLine.update({ theme: 'light' })])
  await desktop.update({ showsTray: true })
  stop.abort()
  expect((await open()).settings).toMatchObject({ singleKeys: false, terminalFontSize: 20, showsTray: true })
})

test('a desktop that hears of no changes still makes its own to what the file says', async () => {
  const [desktop, commandLine] = [await open(), await open()]
  await commandLine.update({ theme: 'dark' })
  await desktop.update({ terminalFontSize: 20 })
  expect((await open()).settings).toMatchObject({ theme: 'dark', terminalFontSize: 20 })
  expect(desktop.settings.theme).toBe('dark')
})

test('a change does not wait for ever for a process that died over the file', async () => {
  const store = await open()
  const lock = join(directory, 'settings.json.lock')
  await writeFile(lock, '')
  await utimes(lock, new Date(0), new Date(0))
  await store.update({ theme: 'dark' })
  expect((await open()).settings.theme).toBe('dark')
})

test('a damaged settings file is set aside with a warning', async () => {
  await writeFile(join(directory, 'settings.json'), '{"theme": "dar')
  expect((await open()).settings.theme).toBe('system')
  expect(warnings).toEqual([expect.stringContaining('was damaged')])
  const [aside = ''] = await readdir(directory)
  expect(await readFile(join(directory, aside), 'utf8')).toBe('{"theme": "dar')
})

test('the data directory follows HEARTH_HOME, then the platform', () => {
  expect(readConfig({ HEARTH_HOME: '/h' }).directory).toBe('/h')
  expect(() => readConfig({ HEARTH_HOME: 'h' })).toThrow('absolute')
  expect(paths.settings(readConfig({ HEARTH_HOME: '/h' }))).toBe('/h/settings.json')
  if (process.platform === 'linux') {
    expect(readConfig({ XDG_DATA_HOME: '/data' }).directory).toBe('/data/hearth')
    expect(readConfig({ XDG_DATA_HOME: 'relative' }).directory).toMatch(/\.local\/share\/hearth$/)
  }
})

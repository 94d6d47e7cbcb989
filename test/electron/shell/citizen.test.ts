// The window's place on the desktop: menu, tray, links of other programs and what a second start hands over.
import { realpathSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Presentation } from '../../../electron/bridge/contract-shell.ts'
import { until } from '../../tooling/until.ts'
import { type MenuTemplate, recorded, resetElectron } from './electron-stub.ts'

vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())
const { runShell } = await import('../../../electron/shell/shell.ts')
const { renderMenu } = await import('../../../electron/shell/menu.ts')

const argv = process.argv
const run = () =>
  runShell({ corePath: '/app/core.js', rendererDirectory: '/app', preload: '/p.cjs', log: { error: vi.fn() } })
beforeEach(() => resetElectron())
afterEach(() => {
  process.argv = argv
})

/** What the shell told the core of what happened. */
const told = () =>
  recorded.children
    .flatMap(({ postMessage }) => postMessage.mock.calls.map(([message]) => message))
    .filter(({ kind }) => kind === 'event')

const item = { id: 'app.restart', label: 'Restart all dynos', accelerator: null, isEnabled: true }
const show = async (presentation: Presentation) => {
  recorded.children[0]?.emit('message', { kind: 'ask', id: 1, name: 'shell.present', parameters: presentation })
  await until(() => expect(recorded.children[0]?.postMessage.mock.calls.at(-1)?.[0]).toMatchObject({ kind: 'answer' }))
}
const labels = (menu: MenuTemplate) => menu.map(({ label, role }) => label ?? role)

describe('the menu', () => {
  test('is the window’s commands between those that every program has', async () => {
    await run()
    expect(labels(recorded.menu)).toEqual(['File', 'Edit', 'viewMenu', 'windowMenu'])
    await show({
      menu: [
        { label: 'File', items: [] },
        { label: 'App', items: [item, { ...item, isEnabled: false }] },
      ],
      tray: null,
    })
    expect(labels(recorded.menu)).toEqual(['File', 'Edit', 'App', 'viewMenu', 'windowMenu'])
    expect(recorded.menu[2]?.submenu?.map(({ enabled }) => enabled)).toEqual([true, false])
    recorded.menu[2]?.submenu?.[0]?.click?.()
    expect(told()).toEqual([{ kind: 'event', event: { kind: 'chosen', id: 'app.restart' } }])
  })

  test('shows keys and registers none, for the page hears them itself', () => {
    const menu = renderMenu([{ label: 'A & B', items: [{ ...item, accelerator: 'CmdOrCtrl+K' }] }], vi.fn(), 'darwin')
    expect(menu[0]).toEqual({ role: 'appMenu' })
    expect(menu[1]).toMatchObject({
      submenu: [{ accelerator: 'CmdOrCtrl+K', registerAccelerator: false }, {}, { role: 'close' }],
    })
    const [restart] = (renderMenu([{ label: 'File', items: [{ ...item, label: 'A & B' }] }], vi.fn(), 'linux')[0]
      ?.submenu ?? []) as MenuTemplate
    expect(restart?.label).toBe('A && B')
  })

  test('takes no letter alone for a key', async () => {
    await run()
    const bad = { ...item, accelerator: 'A' }
    recorded.children[0]?.emit('message', {
      kind: 'ask',
      id: 1,
      name: 'shell.present',
      parameters: { menu: [{ label: 'File', items: [bad] }], tray: null },
    })
    await until(() =>
      expect(recorded.children[0]?.postMessage.mock.calls.at(-1)?.[0]).toMatchObject({ kind: 'refusal' }),
    )
  })
})

test('the tray is there while something asks for it, and tells what was chosen', async () => {
  await run()
  expect(recorded.trays).toEqual([])
  await show({ menu: [], tray: { tooltip: '1 deploy', items: [{ id: 'deploy d1', label: 'corner-shop' }] } })
  expect(recorded.trays).toMatchObject([{ tooltip: '1 deploy', isGone: false }])
  recorded.trays[0]?.items[0]?.click?.()
  expect(told()).toEqual([{ kind: 'event', event: { kind: 'chosen', id: 'deploy d1' } }])
  await show({ menu: [], tray: null })
  expect(recorded.trays).toMatchObject([{ isGone: true }])
})

test('a folder on the dock’s icon, or on the command line, is told; a file and a word that is none are not', async () => {
  const folder = realpathSync(import.meta.dirname)
  process.argv = ['electron', 'main.js', folder, '--flag', import.meta.filename]
  await run()
  recorded.app.emit('second-instance', {}, ['electron', 'main.js', basename(folder), 'no-such'], dirname(folder))
  const event = { preventDefault: vi.fn() }
  recorded.app.emit('open-file', event, folder)
  recorded.app.emit('open-file', event, import.meta.filename)
  expect(event.preventDefault).toHaveBeenCalledTimes(2)
  expect(told()).toEqual(Array(3).fill({ kind: 'event', event: { kind: 'folder', path: folder } }))
})

describe('a link of another program', () => {
  const link = { kind: 'event', event: { kind: 'link', link: { kind: 'app', app: 'shop' } } }

  test('comes as an argument of this start', async () => {
    process.argv = ['electron', 'main.js', 'hearth://apps/shop']
    await run()
    expect(told()).toEqual([link])
    expect(recorded.app.setAsDefaultProtocolClient).toHaveBeenCalledWith('hearth')
  })

  test('comes with a second start, which ends', async () => {
    await run()
    recorded.app.emit('second-instance', {}, ['electron', '--flag', 'hearth://apps/shop', '/some/file'])
    expect(told()).toEqual([link])
  })

  test('comes as an event on macOS, also before there is a window', async () => {
    await run()
    const event = { preventDefault: vi.fn() }
    recorded.app.emit('open-url', event, 'hearth://apps/shop')
    expect(event.preventDefault).toHaveBeenCalled()
    expect(told()).toEqual([link])
  })

  test('that is none is told, shortened, and opens nothing', async () => {
    await run()
    recorded.app.emit('second-instance', {}, ['electron', `hearth://apps/shop/destroy?${'x'.repeat(500)}`])
    expect(told()).toMatchObject([{ event: { kind: 'bad-link' } }])
    expect(told()[0].event.text).toHaveLength(120)
  })
})

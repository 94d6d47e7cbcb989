import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../../tooling/until.ts'
import { recorded, resetElectron } from './electron-stub.ts'

vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())
const { runShell } = await import('../../../electron/shell/shell.ts')

let folder: string
const log = { error: vi.fn() }
const run = () =>
  runShell({ corePath: '/app/core-process.js', rendererDirectory: folder, preload: '/app/preload.cjs', log })

beforeEach(async () => {
  resetElectron()
  folder = await mkdtemp(join(tmpdir(), 'hearth-shell-'))
  await writeFile(join(folder, 'index.html'), 'page')
  await run()
})
afterEach(() => rm(folder, { recursive: true }))

test('the page comes from our scheme', async () => {
  expect(recorded.windows.map(({ url }) => url)).toEqual(['app://hearth/'])
  const page = await recorded.protocols.get('app')?.({ url: 'app://hearth/' })
  expect(await page?.text()).toBe('page')
  expect(page?.headers.get('content-type')).toBe('text/html; charset=utf-8')
})

test('quitting waits until the core has closed', async () => {
  const [core] = recorded.children
  const event = { preventDefault: vi.fn() }
  recorded.app.emit('will-quit', event)
  expect(event.preventDefault).toHaveBeenCalled()
  expect(core?.postMessage.mock.calls.at(-1)?.[0]).toEqual({ kind: 'close' })
  expect(recorded.app.quit).not.toHaveBeenCalled()
  core?.emit('exit', 0)
  await until(() => expect(recorded.app.quit).toHaveBeenCalled())
  // A core that was told to close is not started again.
  expect(recorded.children).toHaveLength(1)
})

test('a second start gives way to the first', async () => {
  recorded.hasLock = false
  const before = recorded.windows.length
  await run()
  expect(recorded.windows.length).toBe(before)
  expect(recorded.children).toHaveLength(1)
})

const crash = (reason: string) =>
  recorded.windows[0]?.contents.emit('render-process-gone', {}, { reason, exitCode: 139 })
const reloads = () => recorded.windows[0]?.contents.reload.mock.calls.length

test.each(['crashed', 'oom', 'killed', 'launch-failed'])('a page that ended (%s) is loaded again', (reason) => {
  crash(reason)
  expect(reloads()).toBe(1)
  expect(recorded.children).toHaveLength(1)
})

test('a page that hangs is loaded again when the user says so', async () => {
  recorded.pressed = 1
  recorded.windows[0]?.window.emit('unresponsive')
  await until(() => expect(recorded.asked[0]?.message).toContain('does not answer'))
  expect(reloads()).toBe(0)
  recorded.pressed = 0
  recorded.windows[0]?.window.emit('unresponsive')
  await until(() => expect(reloads()).toBe(1))
})

test('a page that ended on purpose is left alone', () => {
  crash('clean-exit')
  expect(reloads()).toBe(0)
})

test('a page that ends again and again is loaded when the user says so, not for ever', async () => {
  recorded.pressed = 1
  for (let times = 0; times < 5; times += 1) crash('crashed')
  expect(reloads()).toBe(3)
  expect(recorded.asked[0]?.message).toContain('ended 4 times in a minute (crashed)')
  recorded.pressed = 0
  crash('crashed')
  await until(() => expect(reloads()).toBe(4))
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { recorded, resetElectron } from './electron-stub.ts'

vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())
const { runShell } = await import('../../../electron/shell/shell.ts')

let folder: string
const close = vi.fn(async () => {})

beforeEach(async () => {
  resetElectron()
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

test('the page comes from our scheme', async () => {
  expect(recorded.windows.map(({ url }) => url)).toEqual(['app://hearth/'])
  const page = await recorded.protocols.get('app')?.({ url: 'app://hearth/' })
  expect(await page?.text()).toBe('page')
  expect(page?.headers.get('content-type')).toBe('text/html; charset=utf-8')
})

test('quitting waits until the core has closed', async () => {
  const event = { preventDefault: vi.fn() }
  recorded.app.emit('will-quit', event)
  expect(event.preventDefault).toHaveBeenCalled()
  expect(close).toHaveBeenCalled()
  await vi.waitFor(() => expect(recorded.app.quit).toHaveBeenCalled())
})

test('a second start gives way to the first', async () => {
  recorded.hasLock = false
  const before = recorded.windows.length
  await runShell({ openDesktop: vi.fn(), rendererDirectory: folder, preload: '', log: { error: vi.fn() } })
  expect(recorded.windows.length).toBe(before)
})

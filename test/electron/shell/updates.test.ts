import { beforeEach, expect, test, vi } from 'vitest'
import { recorded, resetElectron } from './electron-stub.ts'

vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())
const { findUpdates, Updates } = await import('../../../electron/shell/updates.ts')

const log = { error: vi.fn() }
const answers: boolean[] = []
const asked: string[] = []
let updater: ReturnType<typeof makeUpdater>

function makeUpdater() {
  return {
    // As electron-updater comes.
    autoDownload: true,
    autoInstallOnAppQuit: true,
    checkForUpdates: vi.fn(async () => ({ isUpdateAvailable: true, updateInfo: { version: '0.2.0' } })),
    downloadUpdate: vi.fn(async () => []),
    quitAndInstall: vi.fn(),
  }
}

beforeEach(() => {
  resetElectron()
  updater = makeUpdater()
  for (const list of [answers, asked]) list.length = 0
})

async function check(...pressed: boolean[]): Promise<void> {
  answers.push(...pressed)
  const ask = async ({ message }: { message: string }) => {
    asked.push(message)
    return answers.shift() ?? false
  }
  await new Updates({ openUpdater: async () => updater, version: '0.1.0', ask, log }).check()
}

test('a new version is downloaded when the user says so, and installed when the user says so again', async () => {
  await check(true, true)
  expect(asked).toEqual(['Hearth 0.2.0 is there', 'Hearth 0.2.0 is downloaded'])
  expect(updater.downloadUpdate).toHaveBeenCalledOnce()
  expect(updater.quitAndInstall).toHaveBeenCalledOnce()
})

test('nothing is downloaded that was not asked for', async () => {
  updater.checkForUpdates.mockImplementation(async () => {
    expect(updater).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false })
    return { isUpdateAvailable: true, updateInfo: { version: '0.2.0' } }
  })
  await check(false)
  expect(updater.downloadUpdate).not.toHaveBeenCalled()
})

test('what was downloaded waits when the user is busy', async () => {
  await check(true, false)
  expect(updater.quitAndInstall).not.toHaveBeenCalled()
  expect(updater.autoInstallOnAppQuit).toBe(false)
})

test('the newest version is told to be that', async () => {
  updater.checkForUpdates.mockResolvedValue({ isUpdateAvailable: false, updateInfo: { version: '0.1.0' } })
  await check()
  expect(asked).toEqual(['This is the newest Hearth'])
})

test('an update that fails is told, and nothing is installed', async () => {
  updater.downloadUpdate.mockRejectedValue(new Error('sha512 checksum mismatch'))
  await check(true)
  expect(asked.at(-1)).toBe('Hearth could not be updated')
  expect(updater.quitAndInstall).not.toHaveBeenCalled()
})

test('a second wish while the first is under way asks nothing anew', async () => {
  const found = Promise.withResolvers<{ isUpdateAvailable: boolean; updateInfo: { version: string } }>()
  updater.checkForUpdates.mockReturnValue(found.promise)
  const updates = new Updates({ openUpdater: async () => updater, version: '0.1.0', ask: async () => false, log })
  const both = [updates.check(), updates.check()]
  found.resolve({ isUpdateAvailable: false, updateInfo: { version: '0.1.0' } })
  await Promise.all(both)
  expect(updater.checkForUpdates).toHaveBeenCalledOnce()
})

test('a checkout has nothing to update', () => {
  Object.assign(recorded.app, { isPackaged: false })
  expect(findUpdates(log)).toBeNull()
})

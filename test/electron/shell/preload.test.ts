import type { EventEmitter } from 'node:events'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const electron = vi.hoisted(() => ({
  exposed: {} as Record<string, Record<string, unknown>>,
  ipc: null as unknown as EventEmitter & { send: ReturnType<typeof vi.fn> },
}))

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events')
  electron.ipc = Object.assign(new Emitter(), { send: vi.fn() })
  return {
    contextBridge: {
      exposeInMainWorld: (name: string, door: Record<string, unknown>) => {
        electron.exposed[name] = door
      },
    },
    ipcRenderer: electron.ipc,
    webUtils: { getPathForFile: (file: { name: string }) => `/home/me/${file.name}` },
  }
})

const postMessage = vi.fn()
beforeAll(async () => {
  vi.stubGlobal('window', { postMessage, location: { origin: 'app://hearth' } })
  await import('../../../electron/preload.ts')
})
afterAll(() => vi.unstubAllGlobals())

test('the page gets two functions, and nothing of Electron’s', () => {
  expect(Object.keys(electron.exposed)).toEqual(['hearthNative'])
  const door = electron.exposed.hearthNative ?? {}
  expect(Object.entries(door).map(([name, value]) => [name, typeof value])).toEqual([
    ['pathForFile', 'function'],
    ['openBridge', 'function'],
  ])
})

test('asking for the bridge sends one message without a word of the page’s', () => {
  const { openBridge } = electron.exposed.hearthNative as { openBridge: (...words: unknown[]) => unknown }
  expect(openBridge('anything', { channel: 'other' })).toBeUndefined()
  expect(electron.ipc.send.mock.calls).toEqual([['hearth-bridge']])
})

test('the port comes to the page alone, without the event that brought it', () => {
  const port = { name: 'port' }
  electron.ipc.emit('hearth-bridge', { ports: [port], sender: electron.ipc }, 'payload')
  expect(postMessage.mock.calls).toEqual([['hearth-bridge', 'app://hearth', [port]]])
})

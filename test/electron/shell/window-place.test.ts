import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { recorded, resetElectron } from './electron-stub.ts'

vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())
const { placeWindow } = await import('../../../electron/shell/window-place.ts')
const { openWindow } = await import('../../../electron/shell/window.ts')

const usual = { width: 1280, height: 820 }
const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const beside = { x: 1440, y: 0, width: 2560, height: 1440 }
const at = (x: number, y: number, width = 1000, height = 700) => ({
  bounds: { x, y, width, height },
  isMaximised: false,
})

test('a window comes back where it was, on whichever display', () => {
  expect(placeWindow(null, usual, [laptop])).toEqual(usual)
  expect(placeWindow(at(100, 80), usual, [laptop, beside])).toEqual({ x: 100, y: 80, width: 1000, height: 700 })
  expect(placeWindow(at(2000, 300), usual, [laptop, beside])).toEqual({ x: 2000, y: 300, width: 1000, height: 700 })
})

test('without the display that it was on it keeps its size, as far as there is room', () => {
  expect(placeWindow(at(2000, 300), usual, [laptop])).toEqual({ width: 1000, height: 700 })
  expect(placeWindow(at(2000, 300, 2500, 1400), usual, [laptop])).toEqual({ width: 1440, height: 875 })
})

test.each([
  ['its bar above the display', at(100, -300)],
  ['its bar below the display', at(100, 890)],
  ['only a corner of it in sight', at(1400, 100)],
])('%s, it could not be taken hold of and is put in the middle', (_, place) => {
  expect(placeWindow(place, usual, [laptop])).not.toHaveProperty('x')
})

test('its place is remembered when it closes, and a damaged file is as none', async () => {
  resetElectron()
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-window-'))
  const file = path.join(folder, 'below', 'window.json')
  const open = () => {
    openWindow('/p.cjs', file, vi.fn())
    return recorded.windows.at(-1)
  }
  const first = open()
  expect(first?.options).toMatchObject(usual)
  first?.close({ x: 40, y: 60, width: 900, height: 640 }, true)
  const second = open()
  expect(second?.options).toMatchObject({ x: 40, y: 60, width: 900, height: 640 })
  expect(second?.maximize).toHaveBeenCalled()
  await writeFile(file, '{"bounds":')
  expect(open()?.options).toMatchObject(usual)
  await rm(folder, { recursive: true })
})

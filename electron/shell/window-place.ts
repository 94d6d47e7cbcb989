import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type BrowserWindow, type Rectangle, screen } from 'electron'
import { z } from 'zod'

const size = z.number().int().min(1).max(20_000)
const coordinate = z.number().int().min(-100_000).max(100_000)
const windowPlace = z.object({
  bounds: z.object({ x: coordinate, y: coordinate, width: size, height: size }),
  isMaximised: z.boolean(),
})
export type WindowPlace = z.infer<typeof windowPlace>

/** Enough of a title bar to take hold of, in pixels. */
const graspable = { width: 120, height: 40 }

/** What a new window gets: where it was, or only how big, when the display that it was on is gone or has become smaller. */
export function placeWindow(
  last: WindowPlace | null,
  usual: { width: number; height: number },
  displays: readonly Rectangle[],
): { width: number; height: number; x?: number; y?: number } {
  if (!last) return usual
  const { bounds } = last
  const within = displays.find((area) => isGraspable(bounds, area))
  const room = within ?? displays[0]
  const width = Math.min(bounds.width, room?.width ?? usual.width)
  const height = Math.min(bounds.height, room?.height ?? usual.height)
  return within ? { x: bounds.x, y: bounds.y, width, height } : { width, height }
}

function isGraspable(bounds: Rectangle, area: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  // The bar is at the top: it must neither be above the area nor below it.
  const isBarInside = bounds.y >= area.y && bounds.y + graspable.height <= area.y + area.height
  return across >= graspable.width && isBarInside
}

export const listWorkAreas = (): Rectangle[] => screen.getAllDisplays().map(({ workArea }) => workArea)

/** Null where there is none, or none that could be read: a window's place is worth no question. */
export function readPlace(path: string): WindowPlace | null {
  try {
    return windowPlace.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

/** Remembers where the window is when it closes. */
export function rememberPlace(window: BrowserWindow, path: string, onError: (error: unknown) => void): void {
  window.on('close', () => {
    const place: WindowPlace = { bounds: window.getNormalBounds(), isMaximised: window.isMaximized() }
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(`${path}.new`, JSON.stringify(place), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    } catch (error) {
      onError(error)
    }
  })
}

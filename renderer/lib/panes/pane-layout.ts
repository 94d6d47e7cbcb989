import type { Settings } from '../../../electron/bridge/contract.ts'

export type Pane = Settings['paneRows'][number]['panes'][number]
export type PaneKind = Pane['kind']

export const mostPanes = 4
/** Of the row's width: less can't be read. */
export const leastShare = 0.15

export const onePane = (kind: PaneKind): Pane[] => [{ id: '1', kind, share: 1 }]

/** The pane gives half of its room to a new one at its right. */
export function splitPane(panes: readonly Pane[], id: string, kind: PaneKind): Pane[] {
  if (panes.length >= mostPanes) return [...panes]
  const used = new Set(panes.map((pane) => pane.id))
  const free = Array.from({ length: mostPanes }, (_, at) => String(at + 1)).find((each) => !used.has(each)) ?? 'more'
  return panes.flatMap((pane) => {
    if (pane.id !== id) return [pane]
    const share = pane.share / 2
    return [
      { ...pane, share },
      { id: free, kind, share },
    ]
  })
}

/** Its room goes to the pane before it; the first one's to the next. The last one of a row stays. */
export function closePane(panes: readonly Pane[], id: string): Pane[] {
  const at = panes.findIndex((pane) => pane.id === id)
  const closed = panes[at]
  if (!closed || panes.length === 1) return [...panes]
  const heir = panes[at === 0 ? 1 : at - 1]
  return panes
    .filter((pane) => pane !== closed)
    .map((pane) => (pane === heir ? { ...pane, share: pane.share + closed.share } : pane))
}

/** Moves the edge between a pane and the one before it by a part of the row's width; both stay wide enough to read. */
export function moveEdge(panes: readonly Pane[], at: number, by: number): Pane[] {
  const [left, right] = [panes[at - 1], panes[at]]
  if (!left || !right) return [...panes]
  const both = left.share + right.share
  const least = Math.min(leastShare, both / 2)
  const share = Math.min(both - least, Math.max(least, left.share + by))
  return panes.map((pane) => {
    if (pane === left) return { ...pane, share }
    return pane === right ? { ...pane, share: both - share } : pane
  })
}

/** The one that so many steps to the right has the focus next, in a circle. */
export function paneBeside(panes: readonly Pane[], id: string, steps: 1 | -1): Pane | undefined {
  const at = panes.findIndex((pane) => pane.id === id)
  return panes[(at + steps + panes.length) % panes.length]
}

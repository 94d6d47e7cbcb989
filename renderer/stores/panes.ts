import { useEffect } from 'react'
import { create } from 'zustand'
import type { AppSummary, Settings } from '../../electron/bridge/contract.ts'
import { onePane, type Pane, type PaneKind } from '../lib/panes/pane-layout.ts'
import { bridge } from './bridge.ts'
import { setResource, useResource } from './resources.ts'

/** Rows that are remembered; the one longest unchanged is forgotten first. */
const mostRows = 100

/** The panes side by side on one of an app's screens, as they were left. */
export function usePanes(summary: AppSummary, screen: PaneKind): { panes: Pane[]; change: (panes: Pane[]) => void } {
  const settings = useResource('settings.get', {}).data
  const isOwn = (row: Settings['paneRows'][number]) =>
    row.serverId === summary.serverId && row.appId === summary.app.id && row.screen === screen
  const panes = settings?.paneRows.find(isOwn)?.panes ?? onePane(screen)
  return {
    panes,
    change(panes) {
      if (!settings) return
      const others = settings.paneRows.filter((row) => !isOwn(row))
      const row = { serverId: summary.serverId, appId: summary.app.id, screen, panes }
      // One plain pane is what every screen begins with and needs no memory.
      const isPlain = panes.length === 1 && panes[0]?.kind === screen
      const paneRows = [...others, ...(isPlain ? [] : [row])].slice(-mostRows)
      setResource('settings.get', {}, { ...settings, paneRows })
      void bridge().call('settings.update', { paneRows })
    },
  }
}

/** The panes that the window shows, and what can be done to each. */
export interface ShownRow {
  readonly summary: AppSummary
  readonly panes: readonly Pane[]
  split(pane: Pane, kind: PaneKind): void
  close(pane: Pane): void
  /** Gives the focus to the next one at the right or at the left, in a circle. */
  leave(pane: Pane, steps: 1 | -1): void
}

/** One of them: what commands are about, and what a component draws. */
export interface ShownPane {
  readonly summary: AppSummary
  readonly pane: Pane
  readonly row: ShownRow
}

/** What a pane of one kind can do beside; what is not there can't be done now. */
export interface PaneActs {
  save?: () => void
  clear?: () => void
  pause?: { isPaused: boolean; toggle: () => void }
}

interface Shown {
  row: ShownRow | null
  /** The one that had the focus last. */
  focused: string | null
  acts: Readonly<Record<string, PaneActs>>
}

const useShown = create<Shown>(() => ({ row: null, focused: null, acts: {} }))

/** Commands reach the row for as long as the component shows it. */
export function useShownRow(row: ShownRow): void {
  useEffect(() => {
    useShown.setState({ row })
    return () => useShown.setState((now) => (now.row === row ? { row: null } : now))
  })
}

/** Commands reach what this pane can do for as long as it is shown; null while it is behind something else, and no pane where there is no row. */
export function usePaneActs(pane: Pane | undefined, acts: PaneActs | null): void {
  useEffect(() => {
    if (acts === null || !pane) return
    useShown.setState((now) => ({ acts: { ...now.acts, [pane.id]: acts } }))
    return () =>
      useShown.setState((now) => (now.acts[pane.id] === acts ? { acts: { ...now.acts, [pane.id]: {} } } : now))
  })
}

export const noteFocus = (paneId: string | null): void => useShown.setState({ focused: paneId })

export const actsOf = (pane: Pane): PaneActs => useShown.getState().acts[pane.id] ?? {}

/** The pane of that name, or the one that had the focus last, else the first. */
export function paneAtHand(id?: string): ShownPane | null {
  const { row, focused } = useShown.getState()
  const find = (wanted: string | null | undefined) => row?.panes.find((pane) => pane.id === wanted)
  const pane = id === undefined ? (find(focused) ?? row?.panes[0]) : find(id)
  return row && pane ? { summary: row.summary, pane, row } : null
}

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

import { type ComponentType, useEffect, useRef } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { PaneRow } from '../../components/panes/pane-row.tsx'
import { closePane, type PaneKind, paneBeside, splitPane } from '../../lib/panes/pane-layout.ts'
import { noteFocus, type ShownPane, type ShownRow, usePanes, useShownRow } from '../../stores/panes.ts'

interface AppPanesProps {
  summary: AppSummary
  /** Which of the app's screens this is: what it begins with. */
  screen: PaneKind
  kinds: Record<PaneKind, ComponentType<ShownPane>>
}

/** An app's logs and terminals side by side, remembered for the app. */
export function AppPanes({ summary, screen, kinds }: AppPanesProps) {
  const { panes, change } = usePanes(summary, screen)
  const place = useRef<HTMLDivElement>(null)
  /** Shown in a moment, and then gets the focus. */
  const awaited = useRef<string | null>(null)
  useEffect(() => {
    const id = awaited.current
    if (id !== null && panes.some((pane) => pane.id === id)) {
      awaited.current = null
      focusPane(place.current, id)
    }
  }, [panes])
  const row: ShownRow = {
    ...{ summary, panes },
    split(pane, kind) {
      const next = splitPane(panes, pane.id, kind)
      awaited.current = next.find(({ id }) => !panes.some((each) => each.id === id))?.id ?? null
      change(next)
    },
    close(pane) {
      awaited.current = paneBeside(panes, pane.id, -1)?.id ?? null
      change(closePane(panes, pane.id))
    },
    leave: (pane, steps) => focusPane(place.current, paneBeside(panes, pane.id, steps)?.id),
  }
  useShownRow(row)
  return (
    <div
      ref={place}
      style={{ height: '100%' }}
      onFocusCapture={({ target }) => noteFocus(target.closest('[data-pane]')?.getAttribute('data-pane') ?? null)}
    >
      <PaneRow panes={panes} onResize={change}>
        {(pane) => {
          const Kind = kinds[pane.kind]
          return <Kind summary={summary} pane={pane} row={row} />
        }}
      </PaneRow>
    </div>
  )
}

/** Its text where it has some, for that takes keys, else the first thing that does. */
function focusPane(place: HTMLElement | null, id: string | undefined): void {
  const pane = place?.querySelector(`[data-pane="${id}"]`)
  const target =
    pane?.querySelector<HTMLElement>('.xterm-helper-textarea') ?? pane?.querySelector<HTMLElement>('input, button')
  target?.focus()
}

import { type ComponentType, useEffect, useRef } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import type { PaneDoor } from '../../components/panes/pane-controls.tsx'
import { PaneRow } from '../../components/panes/pane-row.tsx'
import { isMac } from '../../lib/is-mac.ts'
import { deedOf, type PaneDeed } from '../../lib/panes/pane-key.ts'
import { closePane, mostPanes, type Pane, type PaneKind, paneBeside, splitPane } from '../../lib/panes/pane-layout.ts'
import { usePanes } from '../../stores/panes.ts'
import { useTextSize, usualTextSize } from '../../stores/text-size.ts'

export interface PaneProps {
  summary: AppSummary
  pane: Pane
  /** All of the row, since panes of a kind share what they show. */
  panes: readonly Pane[]
  door: PaneDoor
}

interface AppPanesProps {
  summary: AppSummary
  /** Which of the app's screens this is: what it begins with. */
  screen: PaneKind
  kinds: Record<PaneKind, ComponentType<PaneProps>>
}

/** An app's logs and terminals side by side, remembered for the app. */
export function AppPanes({ summary, screen, kinds }: AppPanesProps) {
  const { panes, change } = usePanes(summary, screen)
  const { size, set } = useTextSize()
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
  const split = (pane: Pane, kind: PaneKind) => {
    const next = splitPane(panes, pane.id, kind)
    awaited.current = next.find(({ id }) => !panes.some((each) => each.id === id))?.id ?? null
    change(next)
  }
  const close = (pane: Pane) => {
    const next = closePane(panes, pane.id)
    awaited.current = paneBeside(panes, pane.id, -1)?.id ?? null
    change(next)
  }
  const act = (deed: PaneDeed, pane: Pane) => {
    switch (deed) {
      case 'split':
        return split(pane, pane.kind)
      case 'close':
        return panes.length > 1 ? close(pane) : undefined
      case 'left':
      case 'right':
        return focusPane(place.current, paneBeside(panes, pane.id, deed === 'left' ? -1 : 1)?.id)
      case 'larger':
      case 'smaller':
        return set(size + (deed === 'larger' ? 1 : -1))
      case 'usual-size':
        return set(usualTextSize)
    }
  }
  return (
    <div
      ref={place}
      style={{ height: '100%' }}
      // On the way down: what is inside (a terminal) must not get it as well.
      onKeyDownCapture={(event) => {
        const deed = deedOf(event, isMac)
        const within = (event.target as HTMLElement).closest('[data-pane]')?.getAttribute('data-pane')
        const pane = panes.find(({ id }) => id === within)
        if (!deed || !pane) return
        event.preventDefault()
        event.stopPropagation()
        act(deed, pane)
      }}
    >
      <PaneRow panes={panes} onResize={change}>
        {(pane) => {
          const Kind = kinds[pane.kind]
          const door: PaneDoor = {
            split: panes.length < mostPanes ? (kind) => split(pane, kind) : null,
            close: panes.length > 1 ? () => close(pane) : null,
          }
          return <Kind summary={summary} pane={pane} panes={panes} door={door} />
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

import { Fragment, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { leastShare, moveEdge, type Pane } from '../../lib/panes/pane-layout.ts'
import styles from './pane-row.module.css'

interface PaneRowProps {
  panes: readonly Pane[]
  /** When an edge came to rest. */
  onResize: (panes: Pane[]) => void
  children: (pane: Pane) => ReactNode
}

/** Panes side by side, with edges that the pointer and the arrow keys move. */
export function PaneRow({ panes, onResize, children }: PaneRowProps) {
  const row = useRef<HTMLDivElement>(null)
  /** While an edge is being dragged. */
  const [dragged, setDragged] = useState<Pane[] | null>(null)
  const shown = dragged ?? panes
  return (
    <div ref={row} className={styles.row}>
      {shown.map((pane, at) => (
        <Fragment key={pane.id}>
          {at > 0 && (
            <Edge
              panes={shown}
              at={at}
              row={row}
              onDrag={setDragged}
              onRest={(moved) => {
                setDragged(null)
                onResize(moved)
              }}
            />
          )}
          <div className={styles.pane} style={{ flexGrow: pane.share }} data-pane={pane.id}>
            {children(pane)}
          </div>
        </Fragment>
      ))}
    </div>
  )
}

interface EdgeProps {
  panes: Pane[] | readonly Pane[]
  at: number
  row: React.RefObject<HTMLDivElement | null>
  onDrag: (panes: Pane[]) => void
  onRest: (panes: Pane[]) => void
}

const keyStep = 0.05

function Edge({ panes, at, row, onDrag, onRest }: EdgeProps) {
  const start = useRef<{ x: number; panes: readonly Pane[] } | null>(null)
  const moved = (event: PointerEvent) => {
    const from = start.current
    const width = row.current?.clientWidth
    return from && width ? moveEdge(from.panes, at, (event.clientX - from.x) / width) : [...panes]
  }
  const [left, right] = [panes[at - 1]?.share ?? 0, panes[at]?.share ?? 0]
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -keyStep, ArrowRight: keyStep }[event.key]
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    onRest(moveEdge(panes, at, by))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> can't be dragged, and this one has a value
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Edge between pane ${at} and pane ${at + 1}`}
      aria-valuemin={Math.round(100 * leastShare)}
      aria-valuemax={Math.round(100 * (left + right - leastShare))}
      aria-valuenow={Math.round(100 * left)}
      className={styles.edge}
      onKeyDown={step}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, panes }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => start.current && onDrag(moved(event))}
      onPointerUp={(event) => {
        if (!start.current) return
        const rest = moved(event)
        start.current = null
        onRest(rest)
      }}
      onPointerCancel={() => {
        start.current = null
        onRest([...panes])
      }}
    />
  )
}

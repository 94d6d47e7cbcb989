import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState, type WheelEvent } from 'react'
import { countOf } from '../../../lib/format.ts'
import type { LinePlace } from '../../../lib/log/line-index.ts'
import { isWithin, windowAround, windowSize } from '../../../lib/log/row-window.ts'
import type { SegmentCache } from '../../../lib/log/segment-cache.ts'
import styles from './history.module.css'
import { HistoryLine } from './history-line.tsx'

interface HistoryListProps {
  label: string
  count: number
  placeOf: (row: number) => LinePlace | null
  cache: SegmentCache
  fontSize: number
  selected: number | null
  onSelect: (row: number) => void
  mark: string
}

/** The rows that are in sight, of however many there are. */
export function HistoryList(props: HistoryListProps) {
  const { label, count, placeOf, cache, fontSize, selected, onSelect, mark } = props
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = Math.round(fontSize * 1.45)
  const size = windowSize(count, rowHeight)
  const { first, goTo, rows } = useRows(scroller, { count, size, rowHeight, selected })
  const items = rows.getVirtualItems()
  const places = items.map(({ index }) => placeOf(first + index))
  useEffect(() => {
    cache.want([...new Set(places.flatMap((place) => (place ? [place.segment] : [])))])
  })
  const step = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1)
    const steps: Record<string, number> = {
      ...{ ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page },
      ...{ Home: -count, End: count },
    }
    const by = steps[event.key]
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    onSelect(Math.min(count - 1, Math.max(0, (selected ?? count - 1) + by)))
  }
  const goOn = ({ deltaY }: WheelEvent) => {
    const element = scroller.current
    if (!element || size === count) return
    const row = first + Math.round(element.scrollTop / rowHeight)
    const isAtEnd =
      deltaY < 0 ? element.scrollTop === 0 : element.scrollTop + element.clientHeight >= element.scrollHeight - 1
    if (isAtEnd) goTo(row)
  }
  return (
    <>
      <div
        ref={scroller}
        className={styles.list}
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={selected === null ? undefined : `${label}-${selected}`}
        onKeyDown={step}
        onWheel={goOn}
        style={{ fontSize, lineHeight: `${rowHeight}px` }}
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
          {items.map((item, at) => {
            const row = first + item.index
            const place = places[at]
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
              <div
                key={item.key}
                id={`${label}-${row}`}
                role="option"
                tabIndex={-1}
                aria-selected={row === selected}
                aria-setsize={count}
                aria-posinset={row + 1}
                className={styles.row}
                style={{ top: item.start, height: rowHeight }}
                onClick={() => onSelect(row)}
              >
                <HistoryLine
                  line={place ? cache.linesOf(place.segment)?.[place.line] : undefined}
                  isGone={!place || cache.hasFailed(place.segment)}
                  mark={mark}
                />
              </div>
            )
          })}
        </div>
      </div>
      {size < count && <Rail count={count} row={first + (rows.range?.startIndex ?? 0)} goTo={goTo} />}
    </>
  )
}

interface Rows {
  count: number
  size: number
  rowHeight: number
  selected: number | null
}

/** The rows that are laid out, begun at the newest; the selected one is among them and in sight. */
function useRows(scroller: React.RefObject<HTMLDivElement | null>, { count, size, rowHeight, selected }: Rows) {
  const [first, setFirst] = useState(count - size)
  /** In sight in a moment. */
  const awaited = useRef<{ row: number; align: 'center' | 'start' | 'end' } | null>(null)
  const rows = useVirtualizer({
    count: size,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const goTo = (row: number, align: 'center' | 'start' = 'start') => {
    awaited.current = { row, align }
    setFirst(windowAround(row, count, size).first)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of the rows lays them out anew
  useEffect(() => rows.measure(), [rows, rowHeight])
  // Other lines: the newest is what one comes for.
  useLayoutEffect(() => {
    setFirst(count - size)
    awaited.current ??= { row: count - 1, align: 'end' }
  }, [count, size])
  // biome-ignore lint/correctness/useExhaustiveDependencies: among other lines the selected one is elsewhere
  useLayoutEffect(() => {
    if (selected === null) return
    const isNear = rows.getVirtualItems().some(({ index }) => index === selected - first)
    if (isNear) rows.scrollToIndex(selected - first, { align: 'auto' })
    else goTo(selected, 'center')
  }, [selected, count])
  useLayoutEffect(() => {
    const wanted = awaited.current
    if (!wanted || !isWithin({ first, size }, wanted.row)) return
    awaited.current = null
    rows.scrollToIndex(wanted.row - first, { align: wanted.align })
  })
  return { first, goTo, rows }
}

/** Where among all lines one is, and a way to anywhere. */
function Rail({ count, row, goTo }: { count: number; row: number; goTo: (row: number) => void }) {
  const input = useRef<HTMLInputElement>(null)
  // It tells where one is, but never takes the thumb from who is moving it.
  useEffect(() => {
    if (input.current && document.activeElement !== input.current) input.current.value = String(row)
  }, [row])
  return (
    <div className={styles.rail}>
      <input
        ref={input}
        type="range"
        aria-label="Place in the history"
        aria-valuetext={`line ${row + 1} of ${count}`}
        min={0}
        max={count - 1}
        step={Math.max(1, Math.round(count / 1000))}
        defaultValue={row}
        onChange={(event) => goTo(Number(event.currentTarget.value))}
      />
      <span className="num dim">
        line {(row + 1).toLocaleString('en')} of {countOf(count, 'line')}
      </span>
    </div>
  )
}

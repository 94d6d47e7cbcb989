import { Button } from '@mantine/core'
import type { IBufferLine } from '@xterm/xterm'
import { useEffect, useState } from 'react'
import type { BridgeStream } from '../../../electron/bridge/contract.ts'
import { findFailure } from '../../lib/apps/build-failure.ts'
import { pumpBytes } from '../../lib/terminal/byte-pump.ts'
import type { TerminalParts } from '../../lib/terminal/terminal.ts'
import { useTerminal } from '../../lib/terminal/use-terminal.ts'
import { openLink } from '../../stores/links.ts'
import styles from './output-pane.module.css'
import { PaneSearch } from './pane-search.tsx'

interface OutputPaneProps {
  label: string
  height: number
  open: () => BridgeStream<unknown>
  /** What ran has failed: the line that says why is shown and marked. */
  hasFailed?: boolean
}

/** Text that a program prints, live, with its colours. Opened once: give it a key to follow something else. */
export function OutputPane({ label, height, open, hasFailed = false }: OutputPaneProps) {
  const options = { convertEol: true, disableStdin: true, fontSize: 12, cursorBlink: false, scrollback: 50_000 }
  const { host, parts } = useTerminal(options, openLink)
  const [isWhole, setWhole] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stream is opened once for each terminal
  useEffect(() => {
    if (!parts) return
    parts.terminal.write('\u001b[?25l')
    const stream = open()
    const control = new AbortController()
    pumpBytes(stream.bytes, parts.terminal, control.signal)
      .then(() => setWhole(true))
      .catch(() => undefined)
    return () => {
      control.abort()
      stream.cancel()
      setWhole(false)
    }
  }, [parts])
  const cause = useFailureMark(parts, isWhole && hasFailed)
  return (
    <>
      <div className={styles.bar}>
        <h3>{label}</h3>
        {cause !== null && (
          <Button size="compact-xs" variant="default" onClick={() => parts && showRow(parts, cause)}>
            Show the line that failed
          </Button>
        )}
        <PaneSearch label={`Search the ${label.toLowerCase()}`} parts={parts} className={styles.search} />
      </div>
      <section aria-label={label} className={`${styles.pane} printed`} style={{ height }}>
        <div ref={host} style={{ height: '100%' }} />
      </section>
    </>
  )
}

/** The row that says why something failed, marked and brought into sight once; null when there is none to point at. */
function useFailureMark(parts: TerminalParts | null, isWanted: boolean): number | null {
  const [cause, setCause] = useState<number | null>(null)
  useEffect(() => {
    if (!parts || !isWanted) return
    const row = findFailedRow(parts)
    setCause(row)
    if (row === null) return
    const { active } = parts.terminal.buffer
    const marker = parts.terminal.registerMarker(row - (active.baseY + active.cursorY))
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
    // The colour is the cells' own: an element would cover their text.
    const decoration = parts.terminal.registerDecoration({
      marker,
      width: parts.terminal.cols,
      backgroundColor: colour('--h-bad-soft'),
      overviewRulerOptions: { color: colour('--h-bad') },
    })
    decoration?.onRender((element) => element.classList.add(styles.cause ?? ''))
    showRow(parts, row)
    return () => {
      decoration?.dispose()
      marker.dispose()
      setCause(null)
    }
  }, [parts, isWanted])
  return cause
}

/** Rows of one long line count as that line. */
function findFailedRow({ terminal }: TerminalParts): number | null {
  const { active } = terminal.buffer
  const rows = Array.from({ length: active.length }, (_, at) => active.getLine(at))
  const starts = rows.flatMap((row, at) => (row && !row.isWrapped ? [at] : []))
  const found = findFailure(starts.map((start) => readLine(rows, start)))
  return found === null ? null : (starts[found] ?? null)
}

function readLine(rows: readonly (IBufferLine | undefined)[], start: number): string {
  let text = rows[start]?.translateToString() ?? ''
  for (let at = start + 1; rows[at]?.isWrapped; at++) text += rows[at]?.translateToString() ?? ''
  return text
}

/** With some of what came before, since that says what was being done. */
function showRow({ terminal }: TerminalParts, row: number): void {
  terminal.scrollToLine(Math.max(0, row - 4))
}

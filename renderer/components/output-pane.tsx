import { useEffect } from 'react'
import type { BridgeStream } from '../../electron/bridge/contract.ts'
import { pumpBytes } from '../lib/byte-pump.ts'
import { useTerminal } from '../lib/use-terminal.ts'
import { openLink } from '../stores/links.ts'
import styles from './output-pane.module.css'

interface OutputPaneProps {
  label: string
  height: number
  open: () => BridgeStream<unknown>
}

/** Text that a program prints, live, with its colours. Opened once: give it a key to follow something else. */
export function OutputPane({ label, height, open }: OutputPaneProps) {
  const { host, parts } = useTerminal(
    { convertEol: true, disableStdin: true, fontSize: 12, cursorBlink: false },
    openLink,
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stream is opened once for each terminal
  useEffect(() => {
    if (!parts) return
    parts.terminal.write('\u001b[?25l')
    const stream = open()
    const control = new AbortController()
    pumpBytes(stream.bytes, parts.terminal, control.signal).catch(() => undefined)
    return () => {
      control.abort()
      stream.cancel()
    }
  }, [parts])
  return (
    <section aria-label={label} className={styles.pane} style={{ height }}>
      <div ref={host} style={{ height: '100%' }} />
    </section>
  )
}

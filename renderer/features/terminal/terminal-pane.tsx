import { ActionIcon, Button, Kbd, Tooltip, useComputedColorScheme } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { Terminal } from '@xterm/xterm'
import { useEffect, useRef } from 'react'
import { words } from '../../commands/words.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { PaneSearch } from '../../components/panes/pane-search.tsx'
import type { Pane } from '../../lib/panes/pane-layout.ts'
import { copySelection, guardPaste, isCopyKey } from '../../lib/terminal/paste.ts'
import { saveTerminal } from '../../lib/terminal/save-terminal.ts'
import { terminalTheme } from '../../lib/terminal/terminal-theme.ts'
import { keepFitted } from '../../lib/terminal/use-terminal.ts'
import { usePaneActs } from '../../stores/panes.ts'
import { startTerminalAgain, type TerminalTab, titleOf } from '../../stores/terminals.ts'
import { useTextSize } from '../../stores/text-size.ts'
import { askToPaste } from './ask-to-paste.tsx'
import styles from './terminal.module.css'

function explainEnd({ place }: TerminalTab): string {
  if (place.kind === 'shell') return ''
  return place.inside === null ? 'The dyno and its file system are gone.' : `It ran inside ${place.inside}.`
}

/**
 * Tab belongs to the program in the terminal, so another key leads out: to the tab that the terminal belongs to. Once the
 * program has ended Tab does as well.
 */
function leaves(event: KeyboardEvent, terminal: Terminal, room: HTMLElement): boolean {
  if (event.key === 'Tab') return terminal.options.disableStdin === true
  if (event.key !== 'F6' || !event.shiftKey) return false
  if (event.type === 'keydown') {
    event.preventDefault()
    const around = room.closest('[data-pane]') ?? room.ownerDocument
    around.querySelector<HTMLElement>('[data-terminal-tab][aria-current]')?.focus()
  }
  return true
}

function copies(event: KeyboardEvent, terminal: Terminal): boolean {
  if (!isCopyKey(event)) return false
  // A browser's own meaning of these keys is its inspector.
  event.preventDefault()
  if (event.type === 'keydown') copySelection(terminal)
  return true
}

interface TerminalPaneProps {
  tab: TerminalTab
  /** The one of a row that it is shown in, if it is. */
  pane?: Pane
}

/** Shows a tab's terminal: the element is moved here, so that its screen survives going elsewhere and back. */
export function TerminalPane({ tab, pane }: TerminalPaneProps) {
  const host = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('dark')
  const size = useTextSize()
  const { parts, element } = tab
  const save = () => saveTerminal(titleOf(tab), parts)
  usePaneActs(pane, { save, clear: () => parts.terminal.clear() })
  useEffect(() => {
    const room = host.current
    if (!room) return
    const { terminal } = parts
    room.append(element)
    if (!terminal.element) parts.open(element)
    terminal.focus()
    terminal.attachCustomKeyEventHandler((event) => !copies(event, terminal) && !leaves(event, terminal, room))
    const stops = [keepFitted(parts, element), guardPaste(terminal, element, askToPaste)]
    return () => {
      for (const stop of stops) stop()
      element.remove()
    }
  }, [parts, element])
  useEffect(() => {
    parts.terminal.options.theme = terminalTheme(scheme)
    parts.terminal.options.fontSize = size
    parts.fit.fit()
  }, [parts, scheme, size])
  return (
    <>
      <section className={`${styles.pane} printed`} aria-label={`Terminal: ${titleOf(tab)}`}>
        <div ref={host} style={{ height: '100%' }} />
      </section>
      <div className={styles.foot}>
        <div className={styles.state} role="status">
          <TerminalState tab={tab} />
        </div>
        <PaneSearch label="Search the terminal" parts={parts} hasShift className={styles.search} />
        <Tooltip label={words.pane.save.label}>
          <ActionIcon aria-label={words.pane.save.label} onClick={save}>
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </>
  )
}

function TerminalState({ tab }: { tab: TerminalTab }) {
  const { state, place } = tab
  switch (state.state) {
    case 'running':
      return (
        <span className="dim">
          <Kbd size="xs">Shift F6</Kbd> leaves the terminal for the keyboard.
        </span>
      )
    case 'ended':
      return (
        <>
          Exited with status {state.exitCode}. <span className="dim">{explainEnd(tab)}</span>
          <Button size="compact-xs" variant="default" onClick={() => startAgain(tab)}>
            {place.kind === 'dyno' && place.inside === null ? 'Run again in a new dyno' : 'Start again'}
          </Button>
        </>
      )
    case 'failed':
      return <ErrorNotice error={state.error} onRetry={() => startAgain(tab)} />
  }
}

function startAgain({ id, parts }: TerminalTab): void {
  startTerminalAgain(id)
  parts.terminal.focus()
}

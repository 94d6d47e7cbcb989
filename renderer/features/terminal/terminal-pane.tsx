import { Kbd, useComputedColorScheme } from '@mantine/core'
import type { Terminal } from '@xterm/xterm'
import { useEffect, useRef } from 'react'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { drawWithGraphicsCard } from '../../lib/terminal/terminal.ts'
import { terminalTheme } from '../../lib/terminal/terminal-theme.ts'
import { keepFitted } from '../../lib/terminal/use-terminal.ts'
import { useResource } from '../../stores/resources.ts'
import { type TerminalTab, titleOf } from '../../stores/terminals.ts'
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
    room.ownerDocument.querySelector<HTMLElement>('[data-terminal-tab][aria-current]')?.focus()
  }
  return true
}

/** Shows a tab's terminal: the element is moved here, so that its screen survives going elsewhere and back. */
export function TerminalPane({ tab }: { tab: TerminalTab }) {
  const host = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('dark')
  const fontSize = useResource('settings.get', {}).data?.terminalFontSize ?? 12
  const { parts, element, state } = tab
  useEffect(() => {
    const room = host.current
    if (!room) return
    room.append(element)
    if (!parts.terminal.element) {
      parts.terminal.open(element)
      drawWithGraphicsCard(parts.terminal)
    }
    parts.terminal.focus()
    parts.terminal.attachCustomKeyEventHandler((event) => !leaves(event, parts.terminal, room))
    const stop = keepFitted(parts, element)
    return () => {
      stop()
      element.remove()
    }
  }, [parts, element])
  useEffect(() => {
    parts.terminal.options.theme = terminalTheme(scheme)
    parts.terminal.options.fontSize = fontSize
    parts.fit.fit()
  }, [parts, scheme, fontSize])
  return (
    <>
      <section className={styles.pane} aria-label={`Terminal: ${titleOf(tab)}`}>
        <div ref={host} style={{ height: '100%' }} />
      </section>
      {state.state === 'running' && (
        <div className={styles.foot}>
          <span className="dim">
            <Kbd size="xs">Shift F6</Kbd> leaves the terminal for the keyboard.
          </span>
        </div>
      )}
      {state.state !== 'running' && (
        <div className={styles.foot} role="status">
          {state.state === 'failed' ? (
            <ErrorNotice error={state.error} />
          ) : (
            <>
              Exited with status {state.exitCode}. <span className="dim">{explainEnd(tab)}</span>
            </>
          )}
        </div>
      )}
    </>
  )
}

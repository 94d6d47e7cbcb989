import { useComputedColorScheme } from '@mantine/core'
import type { ITerminalOptions } from '@xterm/xterm'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { loadTerminal } from './load-terminal.ts'
import type { TerminalParts } from './terminal.ts'
import type { LinkFinder, OpenLink } from './terminal-links.ts'
import { terminalTheme } from './terminal-theme.ts'

/** A terminal in an element: opened once, fitted to its room, in the colours and the size of now. */
export function useTerminal(
  options: ITerminalOptions,
  openLink: OpenLink,
  finders: readonly LinkFinder[] = [],
): {
  host: RefObject<HTMLDivElement | null>
  parts: TerminalParts | null
} {
  const host = useRef<HTMLDivElement>(null)
  const [parts, setParts] = useState<TerminalParts | null>(null)
  const scheme = useComputedColorScheme('dark')
  const { fontSize } = options
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once; what may change later has effects of its own
  useEffect(() => {
    const element = host.current
    if (!element) return
    let close: (() => void) | null = null
    let isGone = false
    void loadTerminal().then(({ createTerminal }) => {
      if (isGone) return
      const made = createTerminal({ ...options, theme: terminalTheme(scheme) }, openLink, finders)
      made.open(element)
      const stopFitting = keepFitted(made, element)
      setParts(made)
      close = () => {
        stopFitting()
        made.terminal.dispose()
      }
    })
    return () => {
      isGone = true
      close?.()
      setParts(null)
    }
  }, [])
  useEffect(() => {
    if (parts) parts.terminal.options.theme = terminalTheme(scheme)
  }, [parts, scheme])
  useEffect(() => {
    if (!parts || fontSize === undefined) return
    parts.terminal.options.fontSize = fontSize
    parts.fit.fit()
  }, [parts, fontSize])
  return { host, parts }
}

/** A hidden element has no room; fitting to it would leave one column. */
export function keepFitted({ fit }: TerminalParts, element: HTMLElement): () => void {
  const refit = () => {
    if (element.clientWidth > 0 && element.clientHeight > 0) fit.fit()
  }
  refit()
  const observer = new ResizeObserver(refit)
  observer.observe(element)
  return () => observer.disconnect()
}

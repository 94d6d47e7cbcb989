import { ActionIcon, TextInput, useComputedColorScheme } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { TerminalParts } from '../../lib/terminal/terminal.ts'

const decorationsOf = {
  dark: {
    matchBackground: '#5f4a16',
    matchOverviewRuler: '#c9961f',
    activeMatchBackground: '#a33a1c',
    activeMatchBorder: '#ff9468',
    activeMatchColorOverviewRuler: '#ff9468',
  },
  light: {
    matchBackground: '#fbe7a8',
    matchOverviewRuler: '#c9961f',
    activeMatchBackground: '#ffc3a8',
    activeMatchBorder: '#bd4320',
    activeMatchColorOverviewRuler: '#bd4320',
  },
}

interface PaneSearchProps {
  label: string
  parts: TerminalParts | null
  className?: string | undefined
  /** Its key is the one with Shift: without it that key is the program's in the terminal. */
  hasShift?: boolean
}

/** Of panes side by side the key means the one with the focus, else the first. */
function isMeant(input: HTMLElement | null): boolean {
  const own = input?.closest('[data-pane]')
  if (!own) return true
  return own === (document.activeElement?.closest('[data-pane]') ?? document.querySelector('[data-pane]'))
}

/** Searches what a pane holds. Ctrl/Cmd-F comes here from anywhere on the screen; Enter goes on, Shift-Enter back. */
export function PaneSearch({ label, parts, className, hasShift = false }: PaneSearchProps) {
  const [term, setTerm] = useState('')
  const [found, setFound] = useState<{ index: number; count: number } | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const decorations = decorationsOf[useComputedColorScheme('dark')]
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.code !== 'KeyF' || event.shiftKey !== hasShift) return
      if (!isMeant(input.current)) return
      event.preventDefault()
      input.current?.select()
    }
    window.addEventListener('keydown', focus)
    return () => window.removeEventListener('keydown', focus)
  }, [hasShift])
  useEffect(() => {
    const results = parts?.search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ index: resultIndex, count: resultCount }),
    )
    return () => results?.dispose()
  }, [parts])
  const search = (text: string, direction: 'previous' | 'next') => {
    if (!text) return parts?.search.clearDecorations()
    return direction === 'next'
      ? parts?.search.findNext(text, { decorations })
      : parts?.search.findPrevious(text, { decorations })
  }
  return (
    <TextInput
      ref={input}
      className={className}
      aria-label={label}
      placeholder="Search"
      value={term}
      leftSection={<IconSearch size={14} aria-hidden="true" />}
      rightSectionWidth={term ? 96 : 0}
      rightSection={
        term && (
          <>
            <span className="dim num" style={{ fontSize: 11, marginRight: 4 }} role="status">
              {found && found.count > 0 ? `${found.index < 0 ? '' : `${found.index + 1}/`}${found.count}` : 'none'}
            </span>
            <ActionIcon size={24} aria-label="Previous match" onClick={() => search(term, 'previous')}>
              <IconArrowUp size={13} />
            </ActionIcon>
            <ActionIcon size={24} aria-label="Next match" onClick={() => search(term, 'next')}>
              <IconArrowDown size={13} />
            </ActionIcon>
          </>
        )
      }
      onChange={(event) => {
        setTerm(event.currentTarget.value)
        search(event.currentTarget.value, 'previous')
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') search(term, event.shiftKey ? 'next' : 'previous')
        if (event.key === 'Escape') {
          setTerm('')
          search('', 'next')
        }
      }}
    />
  )
}

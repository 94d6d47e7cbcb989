import { Menu } from '@mantine/core'
import type { MouseEvent } from 'react'
import { create } from 'zustand'
import { type Offer, offersFor } from '../at-hand.ts'
import styles from '../commands.module.css'
import { nameOf, type Place, type Subjects } from '../subject.ts'
import { CommandItems } from './command-items.tsx'
import { actionsFor } from './menu-words.ts'

interface Opened {
  x: number
  y: number
  name: string
  offers: Offer[]
  /** Has the focus again when the menu closes. */
  from: Element | null
}

const useContextMenu = create<{ opened: Opened | null }>(() => ({ opened: null }))

/** Spread over an element, it offers the commands for its subject by right click, and by the menu key and Shift F10. */
export function rightClick<P extends Place>(place: P, subject: Subjects[P]) {
  return {
    onContextMenu(event: MouseEvent) {
      // A selection is copied by the browser's own menu.
      if (event.defaultPrevented || !getSelection()?.isCollapsed) return
      event.preventDefault()
      const offers = offersFor(place, subject)
      const { clientX: x, clientY: y } = event
      const from = document.activeElement
      useContextMenu.setState({ opened: { x, y, name: nameOf(subject), offers, from } })
    },
  }
}

/** The menu at the pointer; one for the window. */
export function ContextMenu() {
  const { opened } = useContextMenu()
  if (!opened) return null
  const { x, y, name, offers, from } = opened
  const close = () => {
    useContextMenu.setState({ opened: null })
    if (from instanceof HTMLElement) from.focus({ preventScroll: true })
  }
  return (
    <Menu
      key={`${x} ${y} ${name}`}
      opened
      onChange={(isOpen) => !isOpen && close()}
      position="bottom-start"
      middlewares={{ flip: true, shift: { padding: 8, crossAxis: true } }}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <span className={styles.point} style={{ left: x, top: y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={actionsFor(name)} onContextMenu={(event) => event.preventDefault()}>
        <Menu.Label>{name}</Menu.Label>
        <CommandItems offers={offers} />
      </Menu.Dropdown>
    </Menu>
  )
}

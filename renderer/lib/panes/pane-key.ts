import { isMac } from '../is-mac.ts'

export type PaneDeed = 'split' | 'close' | 'left' | 'right' | 'larger' | 'smaller' | 'usual-size'

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/**
 * What a key does to the panes. None of them is one that programs in terminals are used with: those of a letter have Shift with
 * Ctrl, or Cmd on a Mac, where a terminal has no use for it.
 */
export function deedOf(key: Key, isMac: boolean): PaneDeed | null {
  const isMain = isMac ? key.metaKey && !key.ctrlKey : key.ctrlKey && !key.metaKey
  if (isMain && !key.altKey && key.code === 'KeyE' && key.shiftKey) return 'split'
  if (isMain && !key.altKey && key.code === 'KeyX' && key.shiftKey) return 'close'
  if (isMain && !key.altKey && (key.key === '+' || key.key === '=')) return 'larger'
  if (isMain && !key.altKey && (key.key === '-' || key.key === '_')) return 'smaller'
  if (isMain && !key.altKey && !key.shiftKey && key.key === '0') return 'usual-size'
  if (key.altKey && key.shiftKey && !key.ctrlKey && !key.metaKey) {
    if (key.key === 'ArrowLeft') return 'left'
    if (key.key === 'ArrowRight') return 'right'
  }
  return null
}

/** As menus write it. */
export function keyName(deed: 'split' | 'close' | 'beside' | 'size'): string {
  const main = isMac ? '⌘' : 'Ctrl'
  switch (deed) {
    case 'split':
      return isMac ? '⇧⌘E' : 'Ctrl Shift E'
    case 'close':
      return isMac ? '⇧⌘X' : 'Ctrl Shift X'
    case 'beside':
      return isMac ? '⌥⇧←  ⌥⇧→' : 'Alt Shift ← →'
    case 'size':
      return `${main} +  ${main} −`
  }
}

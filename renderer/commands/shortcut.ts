/** The keys of an event that a shortcut is made of. */
export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** How an event is written in a shortcut: `mod+k`, `?`, `g`; null for a modifier alone and for what no shortcut has. */
export function formatPressed({ key, ctrlKey, metaKey, altKey }: Pressed, isMac: boolean): string | null {
  if (key.length !== 1 || altKey || (isMac ? ctrlKey : metaKey)) return null
  const mod = isMac ? metaKey : ctrlKey
  // Shift is in the character already: `?` is a key, wherever the keyboard has it.
  return mod ? `mod+${key.toLowerCase()}` : key
}

/** Keys without a modifier; whoever speaks to the computer or types with a stick can turn them off (WCAG 2.1.4). */
export const isSingle = (shortcut: string): boolean => !shortcut.startsWith('mod+')

/** What was pressed so far, with the next key: which of the shortcuts it is, or what to wait for. */
export function follow(
  shortcuts: readonly string[],
  before: string,
  pressed: string,
): { hit: string } | { waitsAfter: string } | null {
  for (const typed of before ? [`${before} ${pressed}`, pressed] : [pressed]) {
    const hit = shortcuts.find((each) => each === typed)
    if (hit) return { hit }
    if (shortcuts.some((each) => each.startsWith(`${typed} `))) return { waitsAfter: typed }
  }
  return null
}

/** `Ctrl K`, on a Mac `⌘ K`; `G L` for keys one after the other. */
export function sayShortcut(shortcut: string, isMac: boolean): string {
  return shortcut
    .split(' ')
    .map((part) => part.replace('mod+', isMac ? '⌘ ' : 'Ctrl '))
    .join(' ')
    .replace(/\b[a-z]$|\b[a-z](?= )/g, (letter) => letter.toUpperCase())
}

/** The keys of an event that a shortcut is made of. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/**
 * How an event is written in a shortcut: `mod+k`, `mod+shift+e`, `alt+shift+ArrowLeft`, `?`, `g`; null for a modifier alone and for
 * what no shortcut has.
 */
export function formatPressed(
  { key, code, ctrlKey, metaKey, altKey, shiftKey }: Pressed,
  isMac: boolean,
): string | null {
  const isMod = isMac ? metaKey : ctrlKey
  if (isMac ? ctrlKey : metaKey) return null
  if (key.startsWith('Arrow')) return altKey && shiftKey && !isMod ? `alt+shift+${key}` : null
  if (key.length !== 1 || altKey) return null
  // Shift is in the character already: `?` is a key, wherever the keyboard has it.
  if (!isMod) return key
  const letter = latinLetterOf(key, code)
  if (letter) return `mod+${shiftKey ? 'shift+' : ''}${letter}`
  return `mod+${sameKeys[key] ?? key}`
}

/** Where a keyboard has plus and equals on one key, nobody holds Shift to make text larger. */
const sameKeys: Record<string, string> = { '=': '+', _: '-' }

/** A keyboard of another script is gone by where its keys are. */
function latinLetterOf(key: string, code: string): string | null {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase()
  return /^\p{L}$/u.test(key) ? (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? null) : null
}

/** Keys without a modifier; whoever speaks to the computer or types with a stick can turn them off (WCAG 2.1.4). */
export const isSingle = (shortcut: string): boolean => !/^(mod|alt|shift)\+/.test(shortcut)

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

/** Modifiers in the order in which each system writes them. */
const modifiers = {
  mac: { alt: '⌥', shift: '⇧', mod: '⌘' },
  other: { mod: 'Ctrl', alt: 'Alt', shift: 'Shift' },
} as const

const keyNames: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', '-': '−' }

/** `Ctrl K`, on a Mac `⌘ K`; `G L` for keys one after the other. */
export function sayShortcut(shortcut: string, isMac: boolean): string {
  return shortcut
    .split(' ')
    .map((part) => {
      const { held, key } = splitPart(part)
      const said = Object.entries(modifiers[isMac ? 'mac' : 'other']).filter(([name]) => held.includes(name))
      const name = keyNames[key] ?? (key.length === 1 ? key.toUpperCase() : key)
      return [...said.map(([, text]) => text), name].join(' ')
    })
    .join(' ')
}

const acceleratorKeys: Record<string, string> = { mod: 'CmdOrCtrl', alt: 'Alt', shift: 'Shift', '+': 'Plus' }
/** Beside a pane these are the system's own: they zoom the window. */
const zoomKeys = ['mod++', 'mod+-', 'mod+0']

/** As Electron's menus write it; null for what its menus can't show. */
export function acceleratorOf(shortcut: string | null): string | null {
  if (shortcut === null || isSingle(shortcut) || zoomKeys.includes(shortcut)) return null
  const { held, key } = splitPart(shortcut)
  return [...held, key.replace('Arrow', '')].map((part) => acceleratorKeys[part] ?? part.toUpperCase()).join('+')
}

/** Of `mod+shift+e`, or of `mod++`. */
function splitPart(part: string): { held: string[]; key: string } {
  const [, before = '', key = part] = /^((?:(?:mod|alt|shift)\+)*)(.+)$/.exec(part) ?? []
  return { held: before.split('+').filter(Boolean), key }
}

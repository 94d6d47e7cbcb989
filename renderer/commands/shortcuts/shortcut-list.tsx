import { Kbd } from '@mantine/core'
import { isMac } from '../../lib/is-mac.ts'
import { useResource } from '../../stores/resources.ts'
import type { Command } from '../command.ts'
import styles from '../commands.module.css'
import { commandsOf } from '../registry.ts'
import type { Place } from '../subject.ts'
import { sheetLabel } from '../words.ts'
import { isSingle, sayShortcut } from './shortcut.ts'
import { shortcutWords } from './shortcut-words.ts'

/** Keys that are no commands: they belong to what has the focus. */
const inPlace: [string, string][] = [
  [shortcutWords.searchPane, 'mod+f'],
  [shortcutWords.save, 'mod+Enter'],
  [shortcutWords.searchTerminal, 'mod+shift+f'],
  [shortcutWords.copy, isMac ? 'mod+c' : 'mod+shift+c'],
  [shortcutWords.paste, isMac ? 'mod+v' : 'mod+shift+v'],
  [shortcutWords.leaveTerminal, 'shift+F6'],
  [shortcutWords.contextMenu, 'shift+F10'],
]

/** What the keyboard can do, from the registry that it does it by. */
export function ShortcutList() {
  const hasSingle = useResource('settings.get', {}).data?.singleKeys ?? true
  const rows = (place: Place) =>
    (commandsOf(place) as Command<Place>[]).flatMap(({ id, shortcut }): [string, string][] =>
      shortcut !== null && (hasSingle || !isSingle(shortcut)) ? [[sheetLabel(id), shortcut]] : [],
    )
  return (
    <div className={styles.sheet}>
      <Group title={shortcutWords.anywhere} rows={rows('desktop')} />
      <Group title={shortcutWords.inPlace} rows={inPlace} />
      <Group title={shortcutWords.onApp} rows={rows('app')} />
      <Group title={shortcutWords.onPane} rows={rows('pane')} />
      {!hasSingle && <p className="dim">{shortcutWords.singleOff}</p>}
    </div>
  )
}

function Group({ title, rows }: { title: string; rows: [string, string][] }) {
  if (rows.length === 0) return null
  return (
    <section className={styles.sheetGroup} aria-label={title}>
      <h3 className={styles.sheetTitle}>{title}</h3>
      <dl className={styles.sheetKeys}>
        {rows.map(([label, shortcut]) => (
          <div key={label} className={styles.sheetRow}>
            <dt>{label}</dt>
            <dd>
              <Kbd size="xs" className={styles.keys}>
                {sayShortcut(shortcut, isMac)}
              </Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

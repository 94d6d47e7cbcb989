import { Modal } from '@mantine/core'
import { ShortcutList } from '../../commands/shortcuts/shortcut-list.tsx'
import { toggleShortcutSheet, useShortcutSheet } from '../../commands/shortcuts/shortcut-sheet-state.ts'
import { words } from '../../commands/words.ts'

/** All keys that do something, by `?`. */
export function ShortcutSheet() {
  const { isOpen } = useShortcutSheet()
  return (
    <Modal opened={isOpen} onClose={toggleShortcutSheet} title={words.desktop.shortcuts.label} size="lg">
      <ShortcutList />
    </Modal>
  )
}

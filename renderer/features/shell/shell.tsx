import { type ReactNode, useEffect } from 'react'
import { ContextMenu } from '../../commands/menu/context-menu.tsx'
import { followKeyboard } from '../../commands/shortcuts/keyboard.ts'
import { CommandPalette } from './command-palette.tsx'
import { CoreNotice } from './core-notice.tsx'
import { DropOverlay } from './drop-overlay.tsx'
import { EndNotices } from './end-notices.tsx'
import { LostNotice } from './lost-notice.tsx'
import { NativeShell } from './native-shell.tsx'
import styles from './shell.module.css'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { Sidebar } from './sidebar.tsx'

/** The frame of every screen. */
export function Shell({ children }: { children: ReactNode }) {
  useEffect(() => followKeyboard(document), [])
  return (
    <div className={styles.frame}>
      <Sidebar />
      <main className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <CommandPalette />
      <ContextMenu />
      <NativeShell />
      <ShortcutSheet />
      <DropOverlay />
      <EndNotices />
      <CoreNotice />
      <LostNotice />
    </div>
  )
}

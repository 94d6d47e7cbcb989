import {
  IconApps,
  IconArrowBackUp,
  IconBook2,
  IconDeviceDesktop,
  IconFileExport,
  IconHistory,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconSearch,
  IconServer2,
  IconSettings,
  IconSun,
} from '@tabler/icons-react'
import { openErrorCodes } from '../../components/error-codes/error-codes-dialog.tsx'
import { bridge } from '../../stores/bridge.ts'
import { go } from '../../stores/route.ts'
import { exportLedger } from '../acts/export-ledger.ts'
import { define } from '../command.ts'
import { noticeWords } from '../notices/notice-words.ts'
import { lastDone, undoLast } from '../notices/undo.ts'
import { togglePalette } from '../palette.ts'
import { toggleShortcutSheet } from '../shortcuts/shortcut-sheet-state.ts'

const chooseTheme = (theme: 'system' | 'light' | 'dark') => bridge().call('settings.update', { theme })

export const desktopCommands = define('desktop', {
  palette: { icon: IconSearch, shortcut: 'mod+k', run: togglePalette },
  'new-app': { icon: IconPlus, shortcut: 'n', run: () => go({ screen: 'new-app' }) },
  'add-server': { icon: IconServer2, run: () => go({ screen: 'add-server' }) },
  apps: { icon: IconApps, shortcut: 'g a', run: () => go({ screen: 'apps' }) },
  ledger: { icon: IconHistory, shortcut: 'g l', run: () => go({ screen: 'ledger' }) },
  'export-json': { icon: IconFileExport, run: () => exportLedger('json') },
  'export-csv': { icon: IconFileExport, run: () => exportLedger('csv') },
  settings: { icon: IconSettings, shortcut: 'mod+,', run: () => go({ screen: 'settings' }) },
  'theme-system': { icon: IconDeviceDesktop, run: () => chooseTheme('system') },
  'theme-light': { icon: IconSun, run: () => chooseTheme('light') },
  'theme-dark': { icon: IconMoon, run: () => chooseTheme('dark') },
  undo: {
    icon: IconArrowBackUp,
    shortcut: 'mod+z',
    obstacle: () => (lastDone() ? null : noticeWords.nothingToUndo),
    run: undoLast,
  },
  'error-codes': { icon: IconBook2, run: () => openErrorCodes() },
  shortcuts: { icon: IconKeyboard, shortcut: '?', run: toggleShortcutSheet },
})

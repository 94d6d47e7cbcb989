import type { ImportPlan } from '../../../electron/bridge/contract.ts'
import { countOf } from '../../lib/format.ts'

/** The words of the settings screen. */
export const settingWords = {
  desktop: 'Desktop',
  notifications: 'Notify when long work ends',
  notificationsHint: 'Deploys, installations and upgrades, finished or failed, while you look at another window.',
  notificationsDenied: 'Your browser or system does not let Hearth notify. Its own settings can change that.',
  tray: 'Show running deploys in the tray',
  trayHint: 'A sign beside the clock, with what is being deployed.',
  appearance: 'Appearance',
  theme: 'Theme',
  themeHint: 'System follows your desktop between light and dark.',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  fontSize: 'Text size of logs and terminals',
  transfer: 'Take your settings along',
  transferFile: 'Settings as a file',
  transferHint:
    'Switches, pins, and the names and addresses of servers; no key and no token. An import shows what it would change first.',
  exporting: 'Export',
  importing: 'Import',
  importTitle: 'Import these settings?',
  importConfirm: 'Import',
  importNothing: 'The file says what is here already: nothing would change.',
  imported: 'Settings imported',
  pins: (count: number) => `Pin ${countOf(count, 'app')} to the sidebar`,
  rename: (from: string, to: string) => `Rename the server ${from} to ${to}`,
  unknownServers: 'Servers of the file that are not known here. Each is added by you: its key is confirmed first.',
  addServer: 'Add',
  change: (what: string, from: string, to: string) => `${what}: ${from} → ${to}`,
  isOn: (on: boolean) => (on ? 'on' : 'off'),
  keyboard: 'Keyboard',
  singleKeys: 'Keys alone are shortcuts',
  singleKeysHint: 'Such as ? and G L. Turn it off when you speak to your computer: those with Ctrl stay.',
} as const

/** What each setting is called in a list of changes. */
export const settingNames: Record<ImportPlan['settings'][number]['name'], string> = {
  theme: settingWords.theme,
  terminalFontSize: settingWords.fontSize,
  singleKeys: settingWords.singleKeys,
  notifiesEnds: settingWords.notifications,
  showsTray: settingWords.tray,
}

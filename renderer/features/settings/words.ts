import type { ImportPlan, KeyStoreState } from '../../../electron/bridge/contract.ts'
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
  desktopKey: 'This desktop’s key',
  publicKey: 'Public SSH key',
  publicKeyHint: 'Give it to whoever manages a server, to be let in there. It is no secret.',
  copyPublicKey: 'Copy public key',
  secrets: 'Secrets in the ledger',
  passphrase: 'Passphrase',
  passphraseShort: 'at least 8 characters',
  protect: 'Protect with a passphrase',
  unlock: 'Unlock',
  unlocked: 'unlocked',
  locked: 'not opened here',
  about: (version: string, platform: string, isWindow: boolean) =>
    `Hearth ${version} on ${platform}, ${isWindow ? 'in a window of its own' : 'in a browser tab'}`,
  keyboard: 'Keyboard',
  singleKeys: 'Keys alone are shortcuts',
  singleKeysHint: 'Such as ? and G L. Turn it off when you speak to your computer: those with Ctrl stay.',
} as const

/** Where secrets are kept. */
export const keyStoreNames: Record<KeyStoreState['kind'], string> = {
  'operating-system': 'The operating system’s key store',
  passphrase: 'A passphrase',
  file: 'A key file',
}

/** What each setting is called in a list of changes. */
export const settingNames: Record<ImportPlan['settings'][number]['name'], string> = {
  theme: settingWords.theme,
  terminalFontSize: settingWords.fontSize,
  singleKeys: settingWords.singleKeys,
  notifiesEnds: settingWords.notifications,
  showsTray: settingWords.tray,
}

/** What helps somebody else to find out what is wrong. */
export const diagnosticsWords = {
  title: 'Diagnostics',
  when: 'When something is wrong',
  hint: 'Gathers versions, settings, logs and the health of your servers, without secrets. You read it before you save it; nothing is sent.',
  gather: 'Gather',
  gatherAgain: 'Gather again',
  files: 'Files of the diagnostics',
  nothing: 'Nothing.',
  inOne: (count: number) => `${countOf(count, 'file')} in one tar.gz`,
  save: 'Save',
} as const

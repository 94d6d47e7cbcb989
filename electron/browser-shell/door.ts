import type { ShellDoor } from '../bridge/topics/desktop.ts'

/** A browser tab has its own dialogs and links, and no menu, tray or links of ours. */
export const browserDoor: ShellDoor = {
  kind: 'browser',
  chooseFolder: async () => null,
  openLink: async () => {},
  present: async () => {},
  onEvent: () => () => {},
}

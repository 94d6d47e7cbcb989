import { dialog } from 'electron'
import type { ShellDoor } from '../bridge/topics/desktop.ts'
import { openExternal } from './window.ts'

/** What Electron does for the core: native dialogs, and links in the user's browser. */
export const electronDoor: ShellDoor = {
  kind: 'electron',
  async chooseFolder() {
    const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openDirectory'] })
    return canceled ? null : (filePaths[0] ?? null)
  },
  openLink: openExternal,
}

import { dialog } from 'electron'
import type { Presentation } from '../bridge/contract-shell.ts'
import type { VaultFinding } from '../core/ledger/ledger-keys.ts'
import type { ShellAnswers } from '../core-process/messages.ts'
import { openExternal } from './window.ts'

/** What Electron does for the core: native dialogs, links in the user's browser, the operating system's key store. */
export function answerCore(
  findVault: () => Promise<VaultFinding>,
  present: (presentation: Presentation) => void,
): ShellAnswers {
  let found: Promise<VaultFinding> | null = null
  // One look for all cores of this start: what was sealed by one is unsealed for the next.
  const find = () => {
    found ??= findVault()
    return found
  }
  const vault = async () => {
    const { vault: opened, obstacle } = await find()
    if (!opened) throw new Error(obstacle ?? 'There is no key store.')
    return opened
  }
  return {
    'vault.find': async () => {
      const { vault: opened, obstacle } = await find()
      return { isThere: opened !== null, obstacle }
    },
    'vault.seal': async ({ text }) => new Uint8Array(await (await vault()).seal(text)),
    'vault.unseal': async ({ sealed }) => (await vault()).unseal(sealed),
    async 'dialogs.chooseFolder'() {
      const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openDirectory'] })
      return canceled ? null : (filePaths[0] ?? null)
    },
    async 'links.open'({ url }) {
      await openExternal(url)
      return {}
    },
    'shell.present'(presentation) {
      present(presentation)
      return {}
    },
  }
}

import { safeStorage } from 'electron'
import type { VaultFinding } from '../core/ledger/ledger-keys.ts'

/**
 * The operating system's key store, once the app is ready. On a Linux without one Electron would "encrypt" with a
 * password that everybody knows (backend `basic_text`); saying that there is none is better than pretending.
 */
export async function openVault(): Promise<VaultFinding> {
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) {
    const obstacle =
      "This desktop session has no key store that would keep it: start GNOME's keyring or KWallet before Hearth, or " +
      'choose a passphrase.'
    return { vault: null, obstacle }
  }
  if (!(await safeStorage.isAsyncEncryptionAvailable())) {
    return { vault: null, obstacle: "The operating system's key store does not answer; a passphrase protects as well." }
  }
  return {
    obstacle: null,
    vault: {
      seal: (text) => safeStorage.encryptStringAsync(text),
      async unseal(sealed) {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed))
        return { text: result, isStale: shouldReEncrypt }
      },
    },
  }
}

import { safeStorage } from 'electron'
import type { Vault } from '../core/ledger/ledger-keys.ts'

/**
 * The operating system's key store. Null on a Linux without one: there Electron would "encrypt" with a password that
 * everybody knows, and saying so is better than pretending.
 */
export function openVault(): Vault | null {
  if (!safeStorage.isEncryptionAvailable()) return null
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) {
    return null
  }
  return {
    seal: async (text) => safeStorage.encryptString(text),
    unseal: async (sealed) => safeStorage.decryptString(Buffer.from(sealed)),
  }
}

import { saveFile } from '../../lib/files/save-file.ts'
import { bridge } from '../../stores/bridge.ts'
import { searchedLedger } from '../../stores/ledger-search.ts'

/** Everything that matches the search as a file, not only what is listed; without the ledger's screen, all of it. */
export async function exportLedger(format: 'json' | 'csv'): Promise<void> {
  const search = searchedLedger()
  const { name, text } = await bridge().call('ledger.export', { format, ...(search ? { search } : {}) })
  saveFile(name, text)
}

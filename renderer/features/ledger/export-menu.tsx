import { Menu } from '@mantine/core'
import { ActionMenu } from '../../components/action-menu.tsx'
import { saveFile } from '../../lib/save-file.ts'
import type { Action } from '../../lib/use-action.ts'
import { bridge } from '../../stores/bridge.ts'

export type Format = 'json' | 'csv'

/** Everything that matches the search as a file, not only what is listed. */
export async function saveLedger(format: Format, search: string): Promise<void> {
  const { name, text } = await bridge().call('ledger.export', { format, ...(search ? { search } : {}) })
  saveFile(name, text)
}

export function ExportMenu({ action }: { action: Action<[Format], void> }) {
  return (
    <ActionMenu label="Export the ledger" text="Export">
      <Menu.Item onClick={() => void action.run('json')}>JSON, for programs</Menu.Item>
      <Menu.Item onClick={() => void action.run('csv')}>CSV, for spreadsheets</Menu.Item>
      <Menu.Label maw={240}>Releases with their marks and notes, without config vars.</Menu.Label>
    </ActionMenu>
  )
}

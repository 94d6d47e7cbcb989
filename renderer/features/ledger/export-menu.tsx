import { Menu } from '@mantine/core'
import { offer } from '../../commands/at-hand.ts'
import { CommandItems } from '../../commands/menu/command-items.tsx'
import { desktopCommands } from '../../commands/places/desktop-commands.ts'
import { theDesktop } from '../../commands/subject.ts'
import { ActionMenu } from '../../components/actions/action-menu.tsx'

export function ExportMenu() {
  const commands = [desktopCommands['export-json'], desktopCommands['export-csv']]
  return (
    <ActionMenu label="Export the ledger" text="Export">
      <CommandItems offers={commands.map((command) => offer(command, theDesktop))} />
      <Menu.Label maw={240}>What the search finds, with marks and notes, without config vars.</Menu.Label>
    </ActionMenu>
  )
}

import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconColumns2 } from '@tabler/icons-react'
import { ActionMenu } from '../components/actions/action-menu.tsx'
import { offer, offersFor } from './at-hand.ts'
import { CommandIcon } from './command-icon.tsx'
import styles from './commands.module.css'
import { CommandItems } from './menu/command-items.tsx'
import { paneWords } from './menu/menu-words.ts'
import { paneCommands } from './places/pane-commands.ts'
import type { Subjects } from './subject.ts'

/** What a pane can be told, whichever kind it is, at the end of its bar; a narrow one has it all behind the dots. */
export function PaneControls({ subject }: { subject: Subjects['pane'] }) {
  const { split, close } = paneCommands
  const beside = [paneCommands['log-beside'], paneCommands['terminal-beside']]
  return (
    <>
      <span className={styles.roomy}>
        <Menu position="bottom-end">
          <Menu.Target>
            <Tooltip label={split.label(subject)}>
              <ActionIcon aria-label={split.label(subject)} disabled={split.obstacle(subject) !== null}>
                <IconColumns2 size={16} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            <CommandItems offers={beside.map((command) => offer(command, subject))} />
          </Menu.Dropdown>
        </Menu>
      </span>
      <ActionMenu label={paneWords.actions}>
        <CommandItems offers={offersFor('pane', subject)} showsKeys />
      </ActionMenu>
      {subject.row.panes.length > 1 && <CommandIcon command={close} subject={subject} />}
    </>
  )
}

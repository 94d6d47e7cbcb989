import { ActionIcon, Tooltip } from '@mantine/core'
import { isMac } from '../lib/is-mac.ts'
import type { Command } from './command.ts'
import { execute } from './execute.ts'
import { sayShortcut } from './shortcuts/shortcut.ts'
import type { Place, Subjects } from './subject.ts'
import { useCommand } from './use-command.ts'

interface CommandIconProps<P extends Place> {
  command: Command<P>
  subject: Subjects[P]
}

/** A command as its icon alone, with its name and its key beside the pointer. */
export function CommandIcon<P extends Place>({ command, subject }: CommandIconProps<P>) {
  const { label, obstacle } = useCommand(command, subject)
  const { icon: Icon, shortcut } = command
  return (
    <Tooltip label={shortcut === null ? label : `${label} (${sayShortcut(shortcut, isMac)})`}>
      <ActionIcon aria-label={label} disabled={obstacle !== null} onClick={() => execute(command, subject)}>
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  )
}

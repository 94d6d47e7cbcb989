import { Button, type ButtonProps } from '@mantine/core'
import { Guarded } from '../components/actions/guarded.tsx'
import type { Command } from './command.ts'
import { execute } from './execute.ts'
import type { Place, Subjects } from './subject.ts'
import { useCommand } from './use-command.ts'

interface CommandButtonProps<P extends Place> extends Omit<ButtonProps, 'children'> {
  title?: string
  command: Command<P>
  subject: Subjects[P]
  /** Where the screen has a shorter name for it. */
  label?: string
}

/** A command as a button; what goes wrong with it is told in a notice. */
export function CommandButton<P extends Place>({ command, subject, label, ...button }: CommandButtonProps<P>) {
  const offered = useCommand(command, subject)
  return (
    <Guarded obstacle={offered.obstacle}>
      <Button
        variant="default"
        {...button}
        disabled={offered.obstacle !== null}
        onClick={() => execute(command, subject)}
      >
        {label ?? offered.label}
      </Button>
    </Guarded>
  )
}

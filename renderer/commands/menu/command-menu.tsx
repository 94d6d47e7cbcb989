import { ActionMenu } from '../../components/actions/action-menu.tsx'
import { offersFor } from '../at-hand.ts'
import { nameOf, type Place, type Subjects } from '../subject.ts'
import { CommandItems } from './command-items.tsx'
import { actionsFor } from './menu-words.ts'

interface CommandMenuProps<P extends Place> {
  place: P
  subject: Subjects[P]
  label?: string
}

/** What can be done to one thing of many, behind three dots; the same as by right click. */
export function CommandMenu<P extends Place>({
  place,
  subject,
  label = actionsFor(nameOf(subject)),
}: CommandMenuProps<P>) {
  return (
    <ActionMenu label={label}>
      <CommandItems offers={offersFor(place, subject)} />
    </ActionMenu>
  )
}

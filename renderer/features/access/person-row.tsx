import { Badge } from '@mantine/core'
import { offersFor } from '../../commands/at-hand.ts'
import { execute } from '../../commands/execute.ts'
import { CommandItems } from '../../commands/menu/command-items.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { actionsFor } from '../../commands/menu/menu-words.ts'
import { personCommands } from '../../commands/places/people-commands.ts'
import type { Subjects } from '../../commands/subject.ts'
import { ActionMenu } from '../../components/actions/action-menu.tsx'
import styles from './access.module.css'
import { KeyList } from './key-list.tsx'
import { RoleSelect } from './role-select.tsx'

interface PersonRowProps {
  subject: Subjects['person']
  isYou: boolean
  canManage: boolean
}

export function PersonRow({ subject, isYou, canManage }: PersonRowProps) {
  const { server, person } = subject
  const { email, role, apps, keys } = person
  const offersOfKeys = keys.flatMap((key) =>
    keys.length > 1 ? offersFor('key', { server, key, owner: person, isOnly: false }) : [],
  )
  return (
    <li className={styles.person} {...(canManage && rightClick('person', subject))}>
      <span className={styles.name}>
        <span className="truncate" title={email}>
          {email}
        </span>
        {isYou && <Badge color="gray">you</Badge>}
      </span>
      {canManage ? (
        <RoleSelect
          label={`Role of ${email} on the whole server`}
          value={role}
          {...(role === null || apps.length > 0 ? { none: 'single apps' } : {})}
          onChange={(chosen) => execute(personCommands[`role-${chosen ?? 'none'}`], subject)}
        />
      ) : (
        <span className={styles.role}>{role ?? 'single apps'}</span>
      )}
      {canManage && (
        <ActionMenu label={actionsFor(email)}>
          <CommandItems offers={[...offersFor('person', subject), ...offersOfKeys]} />
        </ActionMenu>
      )}
      <KeyList keys={keys} label={`Keys of ${email}`} />
      {apps.length > 0 && (
        <ul className={styles.places} aria-label={`Apps of ${email}`}>
          {apps.map(({ app, role: onApp }) => (
            <li key={app.id}>
              {app.name}: {onApp}
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

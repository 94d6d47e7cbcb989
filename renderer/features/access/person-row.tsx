import { Badge, Menu } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Person, Role } from '../../../electron/bridge/contract.ts'
import { ActionMenu } from '../../components/action-menu.tsx'
import { shortenFingerprint } from '../../lib/fingerprint.ts'
import { countOf } from '../../lib/format.ts'
import styles from './access.module.css'
import { KeyList } from './key-list.tsx'
import { RoleSelect } from './role-select.tsx'

interface PersonRowProps {
  person: Person
  isYou: boolean
  server: string
  canManage: boolean
  onRole: (role: Role | null) => void
  onRemove: () => void
  onRemoveKey: (key: string) => void
}

export function PersonRow({ person, isYou, server, canManage, onRole, onRemove, onRemoveKey }: PersonRowProps) {
  const { email, role, apps, keys } = person
  return (
    <li className={styles.person}>
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
          onChange={onRole}
        />
      ) : (
        <span className={styles.role}>{role ?? 'single apps'}</span>
      )}
      {canManage && (
        <ActionMenu label={`Actions for ${email}`}>
          {keys.length > 1 &&
            keys.map((key) => (
              <Menu.Item key={key.id} onClick={() => confirmKeyRemoval(person, key, () => onRemoveKey(key.id))}>
                Take out {key.comment || shortenFingerprint(key.fingerprint)}
              </Menu.Item>
            ))}
          <Menu.Item color="red" onClick={() => confirmRemoval(person, server, onRemove)}>
            Remove from {server}
          </Menu.Item>
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

function confirmKeyRemoval({ email }: Person, { fingerprint }: Person['keys'][number], onConfirm: () => void): void {
  modals.openConfirmModal({
    title: `Take out a key of ${email}?`,
    children: `${fingerprint} opens the server no more. What is open by it ends at once: terminals, logs, deploys. The other keys stay.`,
    labels: { confirm: 'Take out the key', cancel: 'Keep' },
    confirmProps: { color: 'red' },
    onConfirm,
  })
}

function confirmRemoval({ email, keys, apps, role }: Person, server: string, onConfirm: () => void): void {
  const roles = apps.length + (role === null ? 0 : 1)
  modals.openConfirmModal({
    title: `Remove ${email} from ${server}?`,
    children: `${countOf(keys.length, 'key')} and ${countOf(roles, 'role')} go with them. Their tokens, terminals and streams end at once, and they do not get in again. What they made stays.`,
    labels: { confirm: 'Remove', cancel: 'Keep' },
    confirmProps: { color: 'red' },
    onConfirm,
  })
}

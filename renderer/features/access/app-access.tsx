import { Badge, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import { IconUsers } from '@tabler/icons-react'
import type { AppAccess as Access, AppSummary, Role } from '../../../electron/bridge/contract.ts'
import { ActionMenu } from '../../components/action-menu.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Panel } from '../../components/panel.tsx'
import { targetOf } from '../../lib/target.ts'
import { useAction } from '../../lib/use-action.ts'
import { useObstacle, useOwnAccess } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import styles from './access.module.css'
import { ActivityPanel } from './activity-panel.tsx'
import { KeyList } from './key-list.tsx'
import { LetIn } from './let-in.tsx'
import { PeopleFrame } from './people-frame.tsx'
import { RoleSelect } from './role-select.tsx'

type User = Access['people'][number]

/** Who may use an app, and what was done to it. */
export function AppAccess({ summary }: { summary: AppSummary }) {
  const own = useOwnAccess(summary.serverId)
  return (
    <>
      {own?.has_people === false ? <OnlyYou /> : <PeopleOfApp summary={summary} />}
      <ActivityPanel serverId={summary.serverId} app={summary.app.name} />
    </>
  )
}

function OnlyYou() {
  return (
    <Panel title="People" isFlush>
      <EmptyState icon={IconUsers} title="Only you">
        This computer is used by whoever is logged in to it. On a server, others get in by SSH keys of their own, each
        with a role.
      </EmptyState>
    </Panel>
  )
}

function PeopleOfApp({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const access = useResource('access.app', target)
  const obstacle = useObstacle(summary, 'manage')
  const you = useOwnAccess(summary.serverId)?.user.id
  const [isOpen, letIn] = useDisclosure(false)
  const setRole = useAction((person: string, role: Role) =>
    bridge().call('access.setRole', { ...target, person, role }),
  )
  const remove = useAction((person: string) => bridge().call('access.remove', { ...target, person }))
  return (
    <PeopleFrame
      count={access.data?.people.length}
      people={access}
      actions={[setRole, remove]}
      obstacle={obstacle}
      rowHeight={40}
      onLetIn={letIn.open}
      dialog={<LetIn {...target} place={summary.app.name} isOpen={isOpen} onClose={letIn.close} />}
    >
      {access.data?.people.map((one) => (
        <UserRow
          key={one.user.id}
          one={one}
          isYou={one.user.id === you}
          canManage={obstacle === null && !setRole.isRunning}
          onRole={(role) => void setRole.run(one.user.id, role)}
          onRemove={() =>
            confirmRemoval({
              one,
              app: summary.app.name,
              isYou: one.user.id === you,
              onConfirm: () => void remove.run(one.user.id),
            })
          }
          onServer={() => go({ screen: 'server-access', serverId: summary.serverId })}
        />
      ))}
    </PeopleFrame>
  )
}

interface UserRowProps {
  one: User
  isYou: boolean
  canManage: boolean
  onRole: (role: Role) => void
  onRemove: () => void
  onServer: () => void
}

function UserRow({ one, isYou, canManage, onRole, onRemove, onServer }: UserRowProps) {
  const { user, role, app_role: own, server_role: everywhere } = one
  const isByServer = own !== role
  return (
    <li className={styles.person}>
      <span className={styles.name}>
        <span className="truncate" title={user.email}>
          {user.email}
        </span>
        {isYou && <Badge color="gray">you</Badge>}
        {everywhere && <Badge color="gray">{everywhere} on the server</Badge>}
      </span>
      {canManage && !isByServer ? (
        <RoleSelect label={`Role of ${user.email}`} value={role} onChange={(chosen) => chosen && onRole(chosen)} />
      ) : (
        <span className={styles.role}>{role}</span>
      )}
      {(canManage || isYou) && (
        <ActionMenu label={`Actions for ${user.email}`}>
          {everywhere && <Menu.Item onClick={onServer}>Change the role on the server</Menu.Item>}
          {own && (
            <Menu.Item color="red" onClick={onRemove}>
              {isYou ? 'Leave this app' : 'Remove from this app'}
            </Menu.Item>
          )}
        </ActionMenu>
      )}
      <KeyList keys={one.keys} label={`Keys of ${user.email}`} />
    </li>
  )
}

interface Removal {
  one: User
  app: string
  isYou: boolean
  onConfirm: () => void
}

function confirmRemoval({ one, app, isYou, onConfirm }: Removal): void {
  const { email } = one.user
  const who = isYou ? 'You' : email
  const what =
    one.server_role === null
      ? `${who} no longer ${isYou ? 'see' : 'sees'} ${app}: terminals, logs and deploys that are open end at once. If it is the last role on the server, the keys are taken out with it.`
      : `${who} still ${isYou ? 'have' : 'has'} the role ${one.server_role} on the whole server, and so on ${app}.`
  modals.openConfirmModal({
    title: isYou ? `Leave ${app}?` : `Remove ${email} from ${app}?`,
    children: what,
    labels: { confirm: isYou ? 'Leave' : 'Remove', cancel: 'Keep' },
    confirmProps: { color: 'red' },
    onConfirm,
  })
}

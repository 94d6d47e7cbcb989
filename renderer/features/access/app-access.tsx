import { Badge } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { execute } from '../../commands/execute.ts'
import { CommandMenu } from '../../commands/menu/command-menu.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { memberCommands } from '../../commands/places/people-commands.ts'
import type { Subjects } from '../../commands/subject.ts'
import { EmptyState } from '../../components/page/empty-state.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useObstacle, useOwnAccess } from '../../stores/access.ts'
import { closeLetIn, openLetIn, useIsLettingIn } from '../../stores/let-in.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './access.module.css'
import { ActivityPanel } from './activity-panel.tsx'
import { KeyList } from './key-list.tsx'
import { LetIn } from './let-in.tsx'
import { PeopleFrame } from './people-frame.tsx'
import { RoleSelect } from './role-select.tsx'

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
  const isOpen = useIsLettingIn(target.serverId, target.app)
  return (
    <PeopleFrame
      count={access.data?.people.length}
      people={access}
      obstacle={obstacle}
      rowHeight={40}
      onLetIn={() => openLetIn(target)}
      dialog={<LetIn {...target} place={summary.app.name} isOpen={isOpen} onClose={closeLetIn} />}
    >
      {access.data?.people.map((member) => (
        <MemberRow
          key={member.user.id}
          subject={{ summary, member, isYou: member.user.id === you }}
          canManage={obstacle === null}
        />
      ))}
    </PeopleFrame>
  )
}

function MemberRow({ subject, canManage }: { subject: Subjects['member']; canManage: boolean }) {
  const { member, isYou } = subject
  const { user, role, app_role: own, server_role: everywhere } = member
  const isByServer = own !== role
  return (
    <li className={styles.person} {...rightClick('member', subject)}>
      <span className={styles.name}>
        <span className="truncate" title={user.email}>
          {user.email}
        </span>
        {isYou && <Badge color="gray">you</Badge>}
        {everywhere && <Badge color="gray">{everywhere} on the server</Badge>}
      </span>
      {canManage && !isByServer ? (
        <RoleSelect
          label={`Role of ${user.email}`}
          value={role}
          onChange={(chosen) => chosen && execute(memberCommands[`role-${chosen}`], subject)}
        />
      ) : (
        <span className={styles.role}>{role}</span>
      )}
      {(canManage || isYou) && <CommandMenu place="member" subject={subject} />}
      <KeyList keys={member.keys} label={`Keys of ${user.email}`} />
    </li>
  )
}

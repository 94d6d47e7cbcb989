import { IconDoorExit, IconKeyOff, IconUserMinus, IconUserShield, IconUsers } from '@tabler/icons-react'
import type { Role } from '../../../electron/bridge/contract.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { go } from '../../stores/route.ts'
import { setRole } from '../acts/role.ts'
import { type CommandParts, define } from '../command.ts'
import { obstacleWords } from '../notices/notice-words.ts'
import type { Subjects } from '../subject.ts'

/** Of an app. A role that comes from the whole server is changed there. */
export const memberCommands = define('member', {
  'role-view': memberRole('view'),
  'role-deploy': memberRole('deploy'),
  'role-operate': memberRole('operate'),
  'role-manage': memberRole('manage'),
  'server-role': {
    icon: IconUsers,
    isShown: ({ member }) => member.server_role !== null,
    run: ({ summary }) => go({ screen: 'server-access', serverId: summary.serverId }),
  },
  leave: { icon: IconDoorExit, isShown: ({ member, isYou }) => isYou && hasOwnRole({ member }), run: removeMember },
  remove: {
    icon: IconUserMinus,
    needs: 'manage',
    isShown: ({ member, isYou }) => !isYou && hasOwnRole({ member }),
    run: removeMember,
  },
})

/** Of a server as a whole. */
export const personCommands = define('person', {
  'role-view': personRole('view'),
  'role-deploy': personRole('deploy'),
  'role-operate': personRole('operate'),
  'role-manage': personRole('manage'),
  'role-none': { ...personRole(null), isShown: ({ person }) => person.role !== null && person.apps.length > 0 },
  remove: {
    icon: IconUserMinus,
    needs: 'manage',
    run: ({ server, person }) => bridge().call('access.remove', { serverId: server.id, person: person.id }),
  },
})

/** The keys by which somebody gets in to a server: one's own are one's own to take out. */
export const keyCommands = define('key', {
  remove: {
    icon: IconKeyOff,
    obstacle: ({ isOnly, server }) => (isOnly ? obstacleWords.onlyKey(server.name) : null),
    run({ server, owner, key }) {
      const place = { serverId: server.id, key: key.id }
      return owner
        ? bridge().call('access.removeKey', { ...place, person: owner.id })
        : bridge().call('ownKeys.remove', place)
    },
  },
})

const hasOwnRole = ({ member }: Pick<Subjects['member'], 'member'>) => member.app_role !== null

function memberRole(role: Role): CommandParts<'member'> {
  return {
    icon: IconUserShield,
    needs: 'manage',
    isShown: ({ member }) => member.app_role === member.role && member.role !== role,
    run({ summary, member }) {
      const { serverId, app } = targetOf(summary)
      return setRole({ serverId, app, place: app, user: member.user }, member.app_role, role)
    },
  }
}

function personRole(role: Role | null): CommandParts<'person'> {
  return {
    icon: IconUserShield,
    needs: 'manage',
    isShown: ({ person }) => person.role !== role,
    run: ({ server, person }) =>
      setRole({ serverId: server.id, app: null, place: server.name, user: person }, person.role, role),
  }
}

function removeMember({ summary, member }: Subjects['member']): Promise<unknown> {
  return bridge().call('access.remove', { ...targetOf(summary), person: member.user.id })
}

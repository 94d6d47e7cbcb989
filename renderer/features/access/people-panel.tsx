import { useDisclosure } from '@mantine/hooks'
import type { Role } from '../../../electron/bridge/contract.ts'
import { useAction } from '../../lib/use-action.ts'
import { useServerObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { LetIn } from './let-in.tsx'
import { PeopleFrame } from './people-frame.tsx'
import { PersonRow } from './person-row.tsx'

interface PeoplePanelProps {
  serverId: string
  name: string
  /** The person's id. */
  you: string
}

/** Everybody whom a server knows, with their keys and roles. */
export function PeoplePanel({ serverId, name, you }: PeoplePanelProps) {
  const people = useResource('access.people', { serverId })
  const obstacle = useServerObstacle(serverId, 'manage')
  const [isOpen, letIn] = useDisclosure(false)
  const setRole = useAction((person: string, role: Role | null) =>
    bridge().call('access.setRole', { serverId, person, role }),
  )
  const remove = useAction((person: string) => bridge().call('access.remove', { serverId, person }))
  const removeKey = useAction((person: string, key: string) =>
    bridge().call('access.removeKey', { serverId, person, key }),
  )
  return (
    <PeopleFrame
      count={people.data?.length}
      people={people}
      actions={[setRole, remove, removeKey]}
      obstacle={obstacle}
      rowHeight={48}
      onLetIn={letIn.open}
      dialog={<LetIn serverId={serverId} place={name} isOpen={isOpen} onClose={letIn.close} />}
    >
      {people.data?.map((person) => (
        <PersonRow
          key={person.id}
          person={person}
          isYou={person.id === you}
          server={name}
          canManage={obstacle === null && !setRole.isRunning}
          onRole={(role) => void setRole.run(person.id, role)}
          onRemove={() => void remove.run(person.id)}
          onRemoveKey={(key) => void removeKey.run(person.id, key)}
        />
      ))}
    </PeopleFrame>
  )
}

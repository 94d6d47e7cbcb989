import type { Server } from '../../../electron/bridge/contract.ts'
import { useServerObstacle } from '../../stores/access.ts'
import { closeLetIn, openLetIn, useIsLettingIn } from '../../stores/let-in.ts'
import { useResource } from '../../stores/resources.ts'
import { LetIn } from './let-in.tsx'
import { PeopleFrame } from './people-frame.tsx'
import { PersonRow } from './person-row.tsx'

interface PeoplePanelProps {
  server: Server
  /** The person's id. */
  you: string
}

/** Everybody whom a server knows, with their keys and roles. */
export function PeoplePanel({ server, you }: PeoplePanelProps) {
  const serverId = server.id
  const people = useResource('access.people', { serverId })
  const obstacle = useServerObstacle(serverId, 'manage')
  const isOpen = useIsLettingIn(serverId, null)
  return (
    <PeopleFrame
      count={people.data?.length}
      people={people}
      obstacle={obstacle}
      rowHeight={48}
      onLetIn={() => openLetIn({ serverId, app: null })}
      dialog={<LetIn serverId={serverId} place={server.name} isOpen={isOpen} onClose={closeLetIn} />}
    >
      {people.data?.map((person) => (
        <PersonRow
          key={person.id}
          subject={{ server, person }}
          isYou={person.id === you}
          canManage={obstacle === null}
        />
      ))}
    </PeopleFrame>
  )
}

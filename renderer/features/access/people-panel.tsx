import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import type { Role } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Guarded } from '../../components/guarded.tsx'
import { LoadingRows } from '../../components/loading-rows.tsx'
import { Panel } from '../../components/panel.tsx'
import { countOf } from '../../lib/format.ts'
import { useAction } from '../../lib/use-action.ts'
import { useServerObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './access.module.css'
import { LetIn } from './let-in.tsx'
import { PersonRow } from './person-row.tsx'

interface PeoplePanelProps {
  serverId: string
  name: string
  /** The person's id. */
  you: string
}

/** Everybody whom a server knows, with their keys and roles. */
export function PeoplePanel({ serverId, name, you }: PeoplePanelProps) {
  const { data, error, reload } = useResource('access.people', { serverId })
  const obstacle = useServerObstacle(serverId, 'manage')
  const [isOpen, letIn] = useDisclosure(false)
  const setRole = useAction((person: string, role: Role | null) =>
    bridge().call('access.setRole', { serverId, person, role }),
  )
  const remove = useAction((person: string) => bridge().call('access.remove', { serverId, person }))
  const removeKey = useAction((person: string, key: string) =>
    bridge().call('access.removeKey', { serverId, person, key }),
  )
  const failed = [setRole, remove, removeKey].find((action) => action.error)
  return (
    <Panel
      title="People"
      hint={data && countOf(data.length, 'person', 'people')}
      isFlush
      actions={
        <Guarded obstacle={obstacle}>
          <Button
            size="compact-xs"
            leftSection={<IconUserPlus size={13} aria-hidden="true" />}
            disabled={obstacle !== null}
            onClick={letIn.open}
          >
            Let somebody in
          </Button>
        </Guarded>
      }
    >
      {failed && <ErrorNotice error={failed.error} onClose={failed.clearError} isInset />}
      {!data && !error && <LoadingRows rows={3} height={48} />}
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      <ul className={styles.list} aria-label="People">
        {data?.map((person) => (
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
      </ul>
      {obstacle && data && (
        <p className={styles.note} style={{ margin: 0 }}>
          {obstacle}
        </p>
      )}
      <LetIn serverId={serverId} place={name} isOpen={isOpen} onClose={letIn.close} />
    </Panel>
  )
}

import { Badge, Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { Server } from '../../../electron/bridge/contract.ts'
import { CommandIcon } from '../../commands/command-icon.tsx'
import { keyCommands } from '../../commands/places/people-commands.ts'
import { QuestionForm } from '../../components/actions/question-form.tsx'
import { Ago } from '../../components/ago.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './access.module.css'
import { PublicKeyField } from './public-key-field.tsx'

/** The keys by which whoever sits here gets in to a server, from this computer and others. */
export function OwnKeysPanel({ server }: { server: Server }) {
  const { id: serverId, name } = server
  const { data, error, reload } = useResource('ownKeys.list', { serverId })
  const here = useResource('desktop.about', {}).data?.publicKey.split(' ')[1]
  const [isOpen, adding] = useDisclosure(false)
  return (
    <Panel
      title="Your keys"
      hint="each lets you in"
      isFlush
      actions={
        <Button size="compact-xs" variant="default" onClick={adding.open}>
          Add key
        </Button>
      }
    >
      {!data && !error && <LoadingRows rows={1} height={30} />}
      {!data && <ErrorNotice error={error} onRetry={reload} isInset />}
      <ul className={styles.list} aria-label="Your keys">
        {data?.map((key) => (
          <li key={key.id} className={styles.own}>
            <span className="truncate">{key.comment || 'without a name'}</span>
            {key.public_key.split(' ')[1] === here && <Badge color="gray">this desktop</Badge>}
            <span className={`${styles.grow} mono dim truncate`} title={key.fingerprint}>
              {key.fingerprint}
            </span>
            <span className="dim">
              <Ago at={key.created_at} />
            </span>
            <CommandIcon command={keyCommands.remove} subject={{ server, key, owner: null, isOnly: data.length < 2 }} />
          </li>
        ))}
      </ul>
      <AddKey serverId={serverId} name={name} isOpen={isOpen} onClose={adding.close} />
    </Panel>
  )
}

interface AddKeyProps {
  serverId: string
  name: string
  isOpen: boolean
  onClose: () => void
}

function AddKey({ serverId, name, isOpen, onClose }: AddKeyProps) {
  const [publicKey, setPublicKey] = useState('')
  const close = () => {
    setPublicKey('')
    add.clearError()
    onClose()
  }
  const add = useAction(async () => {
    await bridge().call('ownKeys.add', { serverId, publicKey: publicKey.trim() })
    close()
  })
  return (
    <Modal opened={isOpen} onClose={close} title={`Another key of yours for ${name}`} size="lg">
      <QuestionForm confirm="Add key" isReady={publicKey.trim() !== ''} action={add} onCancel={close}>
        <PublicKeyField
          label="Public SSH key"
          description="Of another computer of yours, or of a program that deploys for you. It may do what you may."
          value={publicKey}
          onChange={setPublicKey}
        />
      </QuestionForm>
    </Modal>
  )
}

import { Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Role } from '../../../electron/bridge/contract.ts'
import { QuestionForm } from '../../components/actions/question-form.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { PublicKeyField } from './public-key-field.tsx'
import { RoleSelect } from './role-select.tsx'

interface LetInProps {
  serverId: string
  /** Without one, to the whole server. */
  app?: string
  /** As sentences name it. */
  place: string
  isOpen: boolean
  onClose: () => void
}

/** Somebody new, by name, role and key; for whom the server knows, the name is enough. */
export function LetIn({ serverId, app, place, isOpen, onClose }: LetInProps) {
  const [user, setUser] = useState('')
  const [role, setRole] = useState<Role>(app === undefined ? 'view' : 'operate')
  const [publicKey, setPublicKey] = useState('')
  const close = () => {
    setUser('')
    setPublicKey('')
    letIn.clearError()
    onClose()
  }
  const letIn = useAction(async () => {
    const key = publicKey.trim()
    await bridge().call('access.grant', {
      serverId,
      user: user.trim(),
      role,
      ...(app === undefined ? {} : { app }),
      ...(key === '' ? {} : { publicKey: key }),
    })
    close()
  })
  return (
    <Modal opened={isOpen} onClose={close} title={`Let somebody in to ${place}`} size="lg">
      <QuestionForm confirm="Let in" isReady={user.trim() !== ''} action={letIn} onCancel={close}>
        <TextInput
          label="Who"
          description="Like an e-mail address. What they do is shown under this name; nothing is sent to it."
          placeholder="bob@example.com"
          value={user}
          data-autofocus
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setUser(event.currentTarget.value)}
        />
        <RoleSelect label="Role" value={role} isField onChange={(chosen) => chosen && setRole(chosen)} />
        <PublicKeyField
          label="Their public SSH key"
          description="Leave it out for somebody whom the server knows already. Hearth shows its own under Settings."
          value={publicKey}
          onChange={setPublicKey}
        />
      </QuestionForm>
    </Modal>
  )
}

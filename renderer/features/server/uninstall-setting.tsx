import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { Server } from '../../../electron/bridge/contract.ts'
import { QuestionForm } from '../../components/actions/question-form.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { LoginFields, useLogin } from '../../components/server/login-fields.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'

/** Takes Hearth off the machine. Needs the rights that the installation had, so it asks for the log-in again. */
export function UninstallSetting({ server }: { server: Server }) {
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <SettingRow
      title="Uninstall Hearth from the machine"
      hint="All its apps stop. Their data stays unless you ask for its removal."
    >
      <Button variant="outline" color="red" onClick={open}>
        Uninstall
      </Button>
      <Modal opened={isOpen} onClose={close} title={`Uninstall from ${server.name}?`}>
        <UninstallForm server={server} onClose={close} />
      </Modal>
    </SettingRow>
  )
}

function UninstallForm({ server, onClose }: { server: Server; onClose: () => void }) {
  const { login, fields } = useLogin(server)
  const [removeData, setRemoveData] = useState(false)
  const [typed, setTyped] = useState('')
  const uninstall = useAction(async () => {
    if (!login) return
    await bridge().call('servers.uninstall', { serverId: server.id, removeData, ...login })
    onClose()
  })
  return (
    <QuestionForm
      confirm="Uninstall"
      cancel="Keep"
      isDestructive
      isReady={typed === server.name && login !== null}
      action={uninstall}
      onCancel={onClose}
    >
      <LoginFields server={server} fields={fields} />
      <Checkbox
        size="xs"
        label="Also remove apps, slugs and config vars"
        checked={removeData}
        onChange={(event) => setRemoveData(event.currentTarget.checked)}
      />
      <TextInput
        label={`Type ${server.name} to confirm`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </QuestionForm>
  )
}

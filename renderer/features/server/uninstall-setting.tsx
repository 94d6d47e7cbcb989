import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { Server } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
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
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed === server.name) void uninstall.run()
      }}
    >
      <Stack gap={12}>
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
        <ErrorNotice error={uninstall.error} onClose={uninstall.clearError} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
          <Button type="submit" color="red" disabled={typed !== server.name || !login} loading={uninstall.isRunning}>
            Uninstall
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

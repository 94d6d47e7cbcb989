import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Guarded } from '../../components/guarded.tsx'
import { Panel } from '../../components/panel.tsx'
import { SettingRow } from '../../components/setting-row.tsx'
import { targetOf } from '../../lib/target.ts'
import { useAction } from '../../lib/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { go } from '../../stores/route.ts'

/** The one thing here that can't be undone takes the name, typed. */
export function DestroyPanel({ summary }: { summary: AppSummary }) {
  const { name } = summary.app
  const [isOpen, { open, close }] = useDisclosure(false)
  const obstacle = useObstacle(summary, 'manage')
  const [typed, setTyped] = useState('')
  const destroy = useAction(async () => {
    await bridge().call('apps.destroy', { ...targetOf(summary), confirm: typed })
    close()
    go({ screen: 'apps' })
  })
  return (
    <Panel title="Destroy" isFlush>
      <SettingRow
        title="Destroy this app"
        hint="Its dynos stop, its slugs, config vars and domains are removed from the server. The ledger keeps its history."
      >
        <Guarded obstacle={obstacle}>
          <Button variant="outline" color="red" disabled={obstacle !== null} onClick={open}>
            Destroy app
          </Button>
        </Guarded>
      </SettingRow>
      <Modal opened={isOpen} onClose={close} title={`Destroy ${name}?`}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (typed === name) void destroy.run()
          }}
        >
          <Stack gap={12}>
            <span>This stops and removes everything of {name} on its server.</span>
            <TextInput
              label={`Type ${name} to confirm`}
              value={typed}
              data-autofocus
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <ErrorNotice error={destroy.error} onClose={destroy.clearError} />
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={close}>
                Keep
              </Button>
              <Button type="submit" color="red" disabled={typed !== name} loading={destroy.isRunning}>
                Destroy {name}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </Panel>
  )
}

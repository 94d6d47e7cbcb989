import { Button } from '@mantine/core'
import type { Server } from '../../../electron/bridge/contract.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { ErrorNotice } from '../notices/error-notice.tsx'

/** The way out where the SSH inside Hearth can't; absent where this computer has no other. */
export function UseSystemSsh({ server, onChosen }: { server: Server; onChosen?: () => void }) {
  const hasSystemSsh = useResource('desktop.about', {}).data?.hasSystemSsh ?? false
  const choose = useAction(async () => {
    await bridge().call('servers.chooseTransport', { serverId: server.id, transport: 'system' })
    onChosen?.()
  })
  if (!hasSystemSsh || server.transport !== 'ssh2') return null
  return (
    <>
      <Button loading={choose.isRunning} onClick={() => void choose.run()}>
        Use this computer’s ssh
      </Button>
      <ErrorNotice error={choose.error} onClose={choose.clearError} />
    </>
  )
}

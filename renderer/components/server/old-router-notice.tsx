import { Button } from '@mantine/core'
import type { Server } from '../../../electron/bridge/contract.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { ErrorNotice } from '../notices/error-notice.tsx'
import { Notice } from '../notices/notice.tsx'

/** An upgrade leaves the router running, so that no request fails; whoever wants the new one says when. */
export function OldRouterNotice({ server }: { server: Server }) {
  const restart = useAction(() => bridge().call('servers.restartRouter', { serverId: server.id }))
  const { agent, connection } = server
  if (!server.hasOldRouter || !agent || connection.state !== 'online') return null
  const { version } = agent.router
  const which = version && version !== agent.version ? `Router ${version}` : 'The router of before the upgrade'
  return (
    <>
      <Notice
        tone="news"
        actions={
          <Button variant="default" loading={restart.isRunning} onClick={() => void restart.run()}>
            Restart router
          </Button>
        }
      >
        <strong>{which} serves on until it is restarted.</strong> Restarting refuses nobody: requests under way are
        finished, new ones wait a moment at the port, which systemd holds. Long streams and websockets end.
      </Notice>
      <ErrorNotice error={restart.error} onClose={restart.clearError} />
    </>
  )
}

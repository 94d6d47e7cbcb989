import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useAction } from '../../lib/use-action.ts'
import { useNow } from '../../lib/use-now.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import styles from './app-frame.module.css'

/** The server is away: what is shown comes from the ledger, and nothing can be changed until it is back. */
export function OfflineBanner({ serverId }: { serverId: string }) {
  const server = useResource('servers.list', {}).data?.find(({ id }) => id === serverId)
  const reconnect = useAction(() => bridge().call('servers.reconnect', { serverId }))
  const now = useNow(1000)
  if (!server) return null
  const { connection } = server
  const retryAt = connection.state === 'offline' ? connection.retryAt : null
  const seconds = retryAt ? Math.max(0, Math.ceil((retryAt - now) / 1000)) : null
  return (
    <div className={styles.banner} role="status">
      <IconPlugConnectedX size={16} aria-hidden="true" />
      <span>
        <strong>{server.name} is not connected.</strong> {'reason' in connection ? connection.reason : null} You see its
        last known state from the ledger.
        {seconds !== null && seconds > 0 && <span className="num"> Next try in {seconds} s.</span>}
      </span>
      {connection.state === 'offline' || connection.state === 'connecting' ? (
        <Button size="compact-xs" variant="default" loading={reconnect.isRunning} onClick={() => void reconnect.run()}>
          Connect now
        </Button>
      ) : (
        // Trying again would change nothing: somebody has to decide, and the server's own screen asks.
        <Button size="compact-xs" variant="default" onClick={() => go({ screen: 'server', serverId })}>
          Show server
        </Button>
      )}
    </div>
  )
}

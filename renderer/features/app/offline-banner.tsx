import { IconPlugConnectedX } from '@tabler/icons-react'
import { CommandButton } from '../../commands/command-button.tsx'
import { serverCommands } from '../../commands/places/server-commands.ts'
import { useNow } from '../../lib/react/use-now.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './app-frame.module.css'

/** The server is away: what is shown comes from the ledger, and nothing can be changed until it is back. */
export function OfflineBanner({ serverId }: { serverId: string }) {
  const server = useResource('servers.list', {}).data?.find(({ id }) => id === serverId)
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
        <CommandButton size="compact-xs" command={serverCommands.reconnect} subject={{ server }} />
      ) : (
        // Trying again would change nothing: somebody has to decide, and the server's own screen asks.
        <CommandButton size="compact-xs" command={serverCommands.show} subject={{ server }} />
      )}
    </div>
  )
}

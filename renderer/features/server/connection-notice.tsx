import { Button } from '@mantine/core'
import type { Server } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { serverCommands } from '../../commands/places/server-commands.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Notice } from '../../components/notices/notice.tsx'
import { UseSystemSsh } from '../../components/server/use-system-ssh.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { useNow } from '../../lib/react/use-now.ts'
import { bridge } from '../../stores/bridge.ts'
import { describeInstallation, type Installation, useInstallation } from '../../stores/installations.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'

/** Why a server is not online, and the one thing to do about it. */
export function ConnectionNotice({ server }: { server: Server }) {
  const { connection } = server
  const installation = useInstallation(server.id)
  if (installation && installation.outcome.state !== 'done')
    return <Installing server={server} installation={installation} />
  switch (connection.state) {
    case 'online':
      return null
    case 'connecting':
      return connection.reason ? <Notice>Connecting: {connection.reason}</Notice> : null
    case 'offline':
      return <Offline server={server} reason={connection.reason} retryAt={connection.retryAt} />
    case 'host-key-changed':
      return <HostKeyChanged server={server} reason={connection.reason} fingerprint={connection.fingerprint} />
    case 'needs-install':
      return <NeedsInstall server={server} reason={connection.reason} />
    case 'needs-system-ssh':
      return (
        <Notice actions={<UseSystemSsh server={server} />}>
          {connection.reason} This computer’s own ssh may have one.
        </Notice>
      )
  }
}

function NeedsInstall({ server, reason }: { server: Server; reason: string }) {
  const publicKey = useResource('desktop.about', {}).data?.publicKey
  return (
    <Notice actions={<CommandButton variant="filled" command={serverCommands.install} subject={{ server }} />}>
      {reason}
      {publicKey && (
        <div className="dim" style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
          Where Hearth is installed, whoever manages it can let this desktop in by its public key.
          <CopyButton text={publicKey} label="Copy public key" />
        </div>
      )}
    </Notice>
  )
}

function Installing({ server, installation }: { server: Server; installation: Installation }) {
  return (
    <Notice
      tone={installation.outcome.state === 'failed' ? 'bad' : 'warning'}
      actions={
        <Button variant="default" onClick={() => go({ screen: 'install-server', serverId: server.id })}>
          Show installation
        </Button>
      }
    >
      {describeInstallation(installation)}
    </Notice>
  )
}

function Offline({ server, reason, retryAt }: { server: Server; reason: string; retryAt: number | null }) {
  const now = useNow(1000)
  const ssh = useResource('servers.systemSsh', { serverId: server.id }).data
  const wantsSystemSsh = server.transport === 'ssh2' && ssh?.isAvailable && ssh.reason !== null
  const seconds = retryAt ? Math.ceil((retryAt - now) / 1000) : 0
  return (
    <Notice
      actions={
        <>
          {wantsSystemSsh && <UseSystemSsh server={server} />}
          <CommandButton command={serverCommands.reconnect} subject={{ server }} />
        </>
      }
    >
      {reason} {wantsSystemSsh && `${ssh.reason} Only this computer’s ssh follows that.`}{' '}
      {seconds > 0 && <span className="dim num">Next try in {seconds} s.</span>}
    </Notice>
  )
}

function HostKeyChanged({ server, reason, fingerprint }: { server: Server; reason: string; fingerprint: string }) {
  const trust = useAction(() => bridge().call('servers.trustHostKey', { serverId: server.id, fingerprint }))
  return (
    <>
      <Notice
        tone="bad"
        actions={
          <Button color="red" variant="outline" loading={trust.isRunning} onClick={() => void trust.run()}>
            Trust the new key
          </Button>
        }
      >
        <strong>{server.name} shows another host key.</strong> {reason}
        <div className="mono">{fingerprint}</div>
        Nothing is sent to it. Trust the key only if you know why it changed.
      </Notice>
      <ErrorNotice error={trust.error} onClose={trust.clearError} />
    </>
  )
}

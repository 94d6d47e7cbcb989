import { Button } from '@mantine/core'
import { IconServerOff, IconUsers } from '@tabler/icons-react'
import type { Server } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { CommandMenu } from '../../commands/menu/command-menu.tsx'
import { serverCommands } from '../../commands/places/server-commands.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Notice } from '../../components/notices/notice.tsx'
import { EmptyState } from '../../components/page/empty-state.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Page } from '../../components/page/page.tsx'
import { ClientPanel } from '../../components/server/client-panel.tsx'
import { OldRouterNotice } from '../../components/server/old-router-notice.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { suffices } from '../../lib/role.ts'
import { describeConnection } from '../../lib/status.ts'
import { useOwnAccess } from '../../stores/access.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import { AgentPanel } from './agent-panel.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { DiskPanel } from './disk-panel.tsx'
import { ServerMetricsPanel } from './server-metrics.tsx'
import { ServerSettings } from './server-settings.tsx'
import { ServerDynos, ServerStats } from './server-stats.tsx'
import { UpgradeNotice } from './upgrade-notice.tsx'

export function ServerScreen({ serverId }: { serverId: string }) {
  const servers = useResource('servers.list', {})
  const server = servers.data?.find(({ id }) => id === serverId)
  if (!server)
    return (
      <Page title="Server">
        <ErrorNotice error={servers.error} onRetry={servers.reload} />
        {!servers.data && !servers.error && <LoadingRows />}
        {servers.data && (
          <EmptyState
            icon={IconServerOff}
            title="Not known here"
            actions={<Button onClick={() => go({ screen: 'apps' })}>All apps</Button>}
          >
            There is no such server any more.
          </EmptyState>
        )}
      </Page>
    )
  return (
    <Page
      title={server.name}
      hint={<StatusMark {...describeConnection(server)} showLabel />}
      actions={
        <>
          {server.kind === 'ssh' && server.connection.state === 'online' && (
            <CommandButton
              command={serverCommands.access}
              subject={{ server }}
              leftSection={<IconUsers size={14} aria-hidden="true" />}
            />
          )}
          <CommandMenu place="server" subject={{ server }} />
        </>
      }
    >
      <ConnectionNotice server={server} />
      <UpgradeNotice server={server} />
      <OldRouterNotice server={server} />
      {server.connection.state === 'online' && <Live server={server} />}
      <AgentPanel server={server} />
      <ClientPanel serverId={server.id} app={null} />
      <ServerSettings key={server.name} server={server} />
    </Page>
  )
}

/** Figures of now; the agent has no event for them, so they are asked for while the screen is open. */
function Live({ server }: { server: Server }) {
  const { data, error, reload } = useResource('servers.status', { serverId: server.id }, { pollMs: 4000 })
  if (!data) return error ? <ErrorNotice error={error} onRetry={reload} /> : <LoadingRows rows={2} height={70} />
  return (
    <>
      <FailingDisk problem={data.disk.problem ?? null} />
      {data.warnings && data.warnings.length > 0 && <Notice>{data.warnings.join(' ')}</Notice>}
      <ServerStats status={data} />
      <Recorded serverId={server.id} />
      <ServerDynos serverId={server.id} status={data} />
    </>
  )
}

function FailingDisk({ problem }: { problem: string | null }) {
  if (problem === null) return null
  return (
    <Notice tone="bad">
      <strong>The disk {problem}.</strong> Nothing can be changed here now: no deploy, no config var, no setting. What
      runs is served on. What the kernel says of it (<code>dmesg</code> on the server) is the place to begin; once the
      disk is well, restart the agent.
    </Notice>
  )
}

/** What takes the role view on the whole server: nothing is asked for that would be refused. */
function Recorded({ serverId }: { serverId: string }) {
  const access = useOwnAccess(serverId)
  if (!access || !suffices(access.role, 'view')) return null
  return (
    <>
      <ServerMetricsPanel serverId={serverId} />
      <DiskPanel serverId={serverId} />
    </>
  )
}

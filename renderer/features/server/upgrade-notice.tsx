import { Button } from '@mantine/core'
import type { Server } from '../../../electron/bridge/contract.ts'
import { Notice } from '../../components/notices/notice.tsx'
import { startInstallation, useInstallation } from '../../stores/installations.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'

/** Says that the agent is another than the one this desktop brings, and upgrades it in one click where no secret is needed. */
export function UpgradeNotice({ server }: { server: Server }) {
  const own = useResource('desktop.about', {}).data?.version
  const isInstalling = useInstallation(server.id) !== undefined
  const { age, agent, login } = server
  if (!agent || isInstalling || age === null || age === 'current') return null
  if (age === 'newer')
    return (
      <Notice tone="news">
        <strong>
          The agent of {server.name}, {agent.version}, is newer than this Hearth{own && `, ${own}`}.
        </strong>{' '}
        Another desktop upgraded it. Most works all the same; update Hearth here to have the rest.
      </Notice>
    )
  const upgrade = () => {
    if (login) startInstallation(server.id, { authentication: login })
    go({ screen: 'install-server', serverId: server.id })
  }
  const which = agent.version === own ? `another build of ${own}` : own
  return (
    <Notice tone="news" actions={<Button onClick={upgrade}>Upgrade agent</Button>}>
      <strong>
        The agent of {server.name} is {agent.version}; this Hearth brings {which ?? 'a newer one'}.
      </strong>{' '}
      Apps and router keep running through an upgrade, and it goes back by itself if the new agent is not well.
      {!login && ' You will be asked how to log in.'}
    </Notice>
  )
}

import { Button } from '@mantine/core'
import { useAction } from '../../lib/use-action.ts'
import { useServerObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'
import { ErrorNotice } from '../error-notice.tsx'
import { Guarded } from '../guarded.tsx'
import { Notice } from '../notice.tsx'

const lookMs = 1000

/** Nothing is installed on a server unasked: where images need podman and it is missing, this asks. */
export function PodmanNotice({ serverId }: { serverId: string }) {
  const { data } = useResource('servers.podman', { serverId })
  if (!data || data.state === 'ready') return null
  if (data.state === 'unavailable') return <Notice tone="news">{data.problem}</Notice>
  return data.state === 'installing' ? <Progress serverId={serverId} /> : <Offer serverId={serverId} />
}

function Offer({ serverId }: { serverId: string }) {
  const { data } = useResource('servers.podman', { serverId })
  const obstacle = useServerObstacle(serverId, 'manage')
  const install = useAction(async () =>
    setResource('servers.podman', { serverId }, await bridge().call('servers.installPodman', { serverId })),
  )
  const hasFailed = data?.output !== null
  return (
    <>
      <Notice
        actions={
          <Guarded obstacle={obstacle}>
            <Button
              variant="default"
              disabled={obstacle !== null}
              loading={install.isRunning}
              onClick={() => void install.run()}
            >
              Install podman
            </Button>
          </Guarded>
        }
      >
        {hasFailed ? (
          <strong>{data?.problem}</strong>
        ) : (
          <>
            <strong>This server has no podman yet, which runs images.</strong> It comes from the server's own package
            sources, in a minute or two; apps run on meanwhile.
          </>
        )}
      </Notice>
      <ErrorNotice error={install.error} onClose={install.clearError} />
    </>
  )
}

function Progress({ serverId }: { serverId: string }) {
  const { data } = useResource('servers.podman', { serverId }, { pollMs: lookMs })
  const last = data?.output?.trim().split('\n').at(-1)
  return (
    <Notice tone="news">
      <strong>Podman is being installed.</strong> {last}
    </Notice>
  )
}

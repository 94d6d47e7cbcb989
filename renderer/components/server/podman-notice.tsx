import { Button } from '@mantine/core'
import { useAction } from '../../lib/react/use-action.ts'
import { useServerObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource, useResource } from '../../stores/resources.ts'
import { Guarded } from '../actions/guarded.tsx'
import { ErrorNotice } from '../notices/error-notice.tsx'
import { Notice } from '../notices/notice.tsx'
import styles from './podman-notice.module.css'

const lookMs = 1000

/** Nothing is installed on a server unasked: where images need podman and it is missing, this asks. Stands in a flush panel. */
export function PodmanNotice({ serverId }: { serverId: string }) {
  const { data } = useResource('servers.podman', { serverId })
  if (!data || data.state === 'ready') return null
  return (
    <div className={styles.place}>
      {data.state === 'unavailable' && <Notice tone="news">{data.problem}</Notice>}
      {data.state === 'installing' && <Progress serverId={serverId} />}
      {data.state === 'missing' && <Offer serverId={serverId} />}
    </div>
  )
}

function Offer({ serverId }: { serverId: string }) {
  const { data } = useResource('servers.podman', { serverId })
  const obstacle = useServerObstacle(serverId, 'manage')
  const install = useAction(async () =>
    setResource('servers.podman', { serverId }, await bridge().call('servers.installPodman', { serverId })),
  )
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
        {data?.output ? (
          <>
            <strong>{data.problem}</strong> {lastLine(data.output)}
          </>
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
  return (
    <Notice tone="news">
      <strong>Podman is being installed.</strong> {lastLine(data?.output ?? '')}
    </Notice>
  )
}

const lastLine = (output: string) => output.trim().split('\n').at(-1)

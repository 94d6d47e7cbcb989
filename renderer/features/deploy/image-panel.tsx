import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AppSummary, Deploy } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { PodmanNotice } from '../../components/server/podman-notice.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './git-panel.module.css'

/** Deploys an image that somebody else has built. */
export function ImagePanel({ summary, onStart }: { summary: AppSummary; onStart: (deploy: Deploy) => void }) {
  const obstacle = useObstacle(summary, 'deploy')
  const [image, setImage] = useState('')
  const start = useAction(async (name: string) =>
    onStart(await bridge().call('deploys.startImage', { ...targetOf(summary), image: name })),
  )
  const name = image.trim()
  return (
    <Panel title="From an image" hint="runs what a registry has, by podman on the server" isFlush>
      <PodmanNotice serverId={summary.serverId} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (name !== '' && obstacle === null) void start.run(name)
        }}
      >
        <TextInput
          label="Image"
          placeholder="registry.example/team/shop:1.2"
          style={{ flex: 1 }}
          value={image}
          onChange={(event) => setImage(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
        />
        <Button type="submit" variant="default" disabled={name === '' || obstacle !== null} loading={start.isRunning}>
          Deploy image
        </Button>
      </form>
      <p className={styles.hint}>
        {obstacle ??
          'The release keeps the image as it is now, whatever becomes of its tag. Its web process listens on $PORT.'}
      </p>
      {start.error && (
        <div className={styles.notice}>
          <ErrorNotice error={start.error} onClose={start.clearError} />
        </div>
      )}
    </Panel>
  )
}
